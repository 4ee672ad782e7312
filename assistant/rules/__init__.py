"""The rules: Form -> findings. One file a rule, named `<code>_<name>.py`; importing the folder registers them."""

"""Names and numbers of persons -> tokens, and back: what leaves the machine carries none of them."""

from assistant.form.masking.mask import Mask
from assistant.form.masking.named import persons_in

__all__ = ["Mask", "persons_in"]

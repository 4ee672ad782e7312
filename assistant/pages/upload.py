"""The box a file is handed in by, with what Streamlit cannot be told to say: its own words for a refusal are English.

Any kind of file is taken, since the browser would turn others away in a word that vanishes; whoever reads it says in Chinese
what is wrong. Only the size is refused by the browser, and that is said beside the file.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.pages.words import as_is, say


def uploader(name: str, key: str, most_mb: int, **more: Any) -> Any:
    """The box under the label `name`. `most_mb` is never more than the server takes: page and server have one limit."""
    most = min(most_mb, int(st.get_option("server.maxUploadSize")))
    refused = say("app.refused", most=most)
    chip = f'.st-key-{key} [data-testid="stFileChip"][aria-invalid="true"]'
    st.html(f'<style>{chip} {{ height: auto; flex-wrap: wrap; }} {chip}::after {{ content: "{refused}"; color: #b01e1e; font-size: 0.85rem; }}</style>')  # fmt: skip
    return st.file_uploader(as_is(say(name, most=most)), max_upload_size=most, key=key, **more)

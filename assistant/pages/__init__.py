"""The pages of the Streamlit application, one module a page; they show and collect clicks."""

from pathlib import Path

STYLE = Path(__file__).with_name("style.css")
"""The style sheet all pages share."""

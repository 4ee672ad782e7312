"""The Streamlit entry: wires the pages; decides nothing."""

import streamlit as st

from assistant.pages import STYLE, batch, frame, policies, review, training
from assistant.pages.words import say

st.set_page_config(page_title=say("app.title"), page_icon="📋", layout="wide")
st.html(STYLE)
frame.gate()
modules = {"review": review, "batch": batch, "training": training, "policies": policies}
pages = {
    name: st.Page(module.page, title=say(f"app.{name}"), url_path=name, default=name == "review")
    for name, module in modules.items()
}
frame.know(pages)
chosen = st.navigation(list(pages.values()), position="top")
frame.bar()
chosen.run()

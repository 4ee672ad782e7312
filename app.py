"""The Streamlit entry: wires the pages; decides nothing.

The server imports it for `app`, which answers before Streamlit does; each visit runs it as a script.
"""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from assistant.pages import STYLE, batch, frame, policies, review, training
from assistant.pages.sign_in import Guard
from assistant.pages.words import say


def pages() -> None:
    st.set_page_config(page_title=say("app.title"), page_icon="📋", layout="wide")
    st.html(STYLE)
    frame.gate()
    modules = {"review": review, "batch": batch, "training": training, "policies": policies}
    shown = {
        name: st.Page(module.page, title=say(f"app.{name}"), url_path=name, default=name == "review")
        for name, module in modules.items()
    }
    frame.know(shown)
    chosen = st.navigation(list(shown.values()), position="top")
    frame.bar()
    chosen.run()


if __name__ == "__main__":
    pages()
else:
    app = App(__file__, middleware=[Middleware(Guard)])

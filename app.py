"""The Streamlit entry: wires the pages; decides nothing."""

import streamlit as st

from assistant.pages import STYLE, frame, policies, review, training
from assistant.pages.words import say

st.set_page_config(page_title=say("app.title"), page_icon="📋", layout="wide")
st.html(STYLE)
frame.gate()
pages = [st.Page(review.page, title=say("app.review"), url_path="review", default=True)]
pages += [st.Page(training.page, title=say("app.training"), url_path="training")]
pages += [st.Page(policies.page, title=say("app.policies"), url_path="policies")]
chosen = st.navigation(pages, position="top")
frame.bar()
chosen.run()

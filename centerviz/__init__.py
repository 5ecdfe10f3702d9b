"""CenterViz: see, try and prove what center loss does to an embedding.

problem, language -> data -> embedding -> learning -> runs -> figures, lessons -> web -> pages;
`cli` stands beside the pages. A module imports only from its left; `tests/test_house.py` holds
that.
"""

"""The tests mirror centerviz/; pages run by AppTest in tests/pages, a browser in tests/browser."""

"""What is true of an embedding, in NumPy float64.

health       Vitals, Finding: is this training well, and if not why
"""

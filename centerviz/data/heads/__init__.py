"""faces-2: heads in the round, painted a few pictures at a time.

picture   a person's pictures, painted from back to front
traits    who is portrayed: the same in every picture of a person
shots     how a picture is taken: what differs from picture to picture
canvas    the pictures while they are painted, and the soft shapes they are painted with
shell     where the rays of a picture meet a head, and what lies on its surface
body      background, shoulders, neck, ears and skin
features  eyes, brows, nose, mouth and beard
hair      hair behind, on and beside the head
covers    glasses, and what hides a face: dark glasses, a scarf, a hand
camera    light, blur and noise
"""

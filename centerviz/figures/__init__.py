"""Arrays -> Plotly figures: they draw, they do not compute. One theme.

theme          class colours and symbols, templates for light, dark and lecture
runs           how runs look in any figure
lesson         vectors, samples and centers beside a worked step
lesson_terms   what can be pointed at in such a picture, with its numbers
lesson_chart   lines, dots, bars and small maps beside a worked step
maps           an embedding as a map, with centers, means, drift and radii
map_page       the map as one HTML file that needs no network
curves         losses and measures over the epochs
distributions  distances as histograms
by_class       distances to the class mean, one box a class
two_classes    two classes along the axis between their means
verification   ROC, score histograms
"""

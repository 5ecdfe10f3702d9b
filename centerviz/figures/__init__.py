"""Arrays -> Plotly figures: they draw, they do not compute. One theme.

colours        colours of classes, text, grid and runs, whoever draws
pictures       what a lesson's picture is made of
theme          symbols, templates for light, dark and lecture
runs           how runs look in any figure
lesson         vectors, samples and centers beside a worked step
svg            shapes of an SVG drawing as text
lesson_svg     the picture beside a worked step, drawn for files that are taken home
lesson_terms   what can be pointed at in such a picture, with its numbers
lesson_chart   lines, dots, bars and small maps beside a worked step
colouring      what the colours of a map mean: classes, other groups, a number
maps           an embedding as a map, with centers, means, drift and radii
map_page       the map as one HTML file that needs no network
report_page   tables and figures as one HTML file
curves         losses and measures over the epochs
sweep          one number of several settings, with its interval over seeds
distributions  distances as histograms
by_class       distances to the class mean, one box a class
two_classes    two classes along the axis between their means
verification   ROC, score histograms
"""

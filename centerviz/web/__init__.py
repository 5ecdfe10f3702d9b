"""The app in the browser; only this folder and pages/ import streamlit.

The frame
asgi            routes (plotly.js, thumbnails), response headers, start of the server
shell           the Streamlit script: frame, navigation
session         language, lecture mode and theme of a browser session
state           what the address bar carries

What several pages use
results         finished runs and what is read from them, remembered by run and file time
movie           one run over its epochs: points on the same axes, numbers of each epoch
naming          what runs are called: by what differs between them
batches         a few samples as the numbers of a lesson
thumbs          pictures of samples, a sheet for hovering and one alone
chart           a small Plotly figure that changes without blinking
embedding_view  maps that play: Plotly and a cloud in a component of our own
component       how the two are registered; plotly.js is the script they share

What one page uses
front           home: the shipped pair and its three numbers
lesson_parts    learn: question, worked step, picture, and what stands under them
lesson_training learn: the literal form of the shortcut, trained in the page and watched
lesson_inputs   learn: the inputs of a lesson as widgets, kept in the address as typed
taking_home     learn: a lesson as a file, worksheets and their key
uploads         train: what a visitor may name as data, and uploads as files
train_form      train: the form, generated from TrainConfig
effects         train: what a change of a setting will do
mending         train: after a failure, a changed setting to start from
face_strip      train: a person of faces-2 under each nuisance
plan_form       train: seeds and sweep of an experiment, and how long it takes
starting        train: the pair switch, what all of it amounts to, and Start
continuing      train: from the weights of which run Start goes on
experiments     train: an experiment under way, all its runs and each of them
experiment_results  train: means over seeds, differences to λ = 0
training        train: starting, stopping and finding runs
health_card     what health checks found, of a run or of a file
live            train: watching runs
run_list        train: all runs, to search, open, compare and delete
run_page        train: one run: settings, files, where it comes from, what can be done with it
own_file        explore: a file of one's own, what it was taken for
exporting       explore: take an embedding elsewhere
opening         train: open a saved model instead
subject         explore: what is looked at: a run, a model's embedding, a file
map_choice      explore: which map, kept in the address
colours         explore: what the colours of a map may mean, kept in the address
map_limits      explore: the strip under a map: what it cannot tell
explore_map     explore: the map of a run or a file
still           explore: maps that stand still
exploring       explore: the map and what stands beside it
picking         explore: the pinned sample and the selected ones, from the map or a table
questions       explore: the bar of questions under the picture
class_numbers   explore: numbers by class, of a sample, of a selection
distance_question  explore: distances to class means and between them
pair_question   explore: two classes along the axis between their means
odd_samples     explore: outliers, likely mislabels, between two; neighbours of a sample
sample_table    explore: a list of samples with pictures; a click pins one
selection       explore: what is selected, as numbers, a list and a file
tsne_map        explore: the map by t-SNE, on its way and done
tsne_job        explore: t-SNE maps under way
comparing       compare: deltas with their direction, settings that differ
comparison_report  compare: both runs as one HTML file
pair_maps       compare: two runs on the same axes
verifying       verify: curves, counts, intervals, the pairs behind the errors
two_images      verify: two samples of one's choice, taken for the same or not
"""

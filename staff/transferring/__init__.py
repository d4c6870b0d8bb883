"""人事異動: a file of who leaves and who joins is judged, previewed, applied and undone as one.

`lines` reads the file, `judging` finds what each line means against the city as it is, `consequences`
asks the other apps what follows, `applying` and `undoing` write.
"""

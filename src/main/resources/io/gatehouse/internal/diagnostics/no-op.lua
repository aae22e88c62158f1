-- Does nothing. LatencyProbe measures its round trip time.
return 1

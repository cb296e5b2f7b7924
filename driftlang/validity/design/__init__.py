"""Rules of the design: what can be told from what a file declares, without rendering, injecting or scoring."""

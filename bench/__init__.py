"""Speed, size and memory, as ratios within one run beside a floor: `make bench`."""

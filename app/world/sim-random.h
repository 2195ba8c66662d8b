/* Random numbers of the simulated world: xoshiro256** 1.0 (David Blackman and Sebastiano Vigna, 2018, public domain,
 * https://prng.di.unimi.it/xoshiro256starstar.c), its state filled by SplitMix64 from the seed as its authors advise.
 * Not for secrets. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 state[4];
} WtSimRandom;

/* The same seed with another `stream` gives another, unrelated sequence. */
void wt_sim_random_init (WtSimRandom *self, guint64 seed, guint64 stream);
guint64 wt_sim_random_next (WtSimRandom *self);
double wt_sim_random_double (WtSimRandom *self); /* [0, 1) */

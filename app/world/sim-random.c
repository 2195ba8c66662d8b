#include "app/world/sim-random.h"

static guint64
split_mix (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
wt_sim_random_init (WtSimRandom *self, guint64 seed, guint64 stream)
{
  guint64 mixed = seed;
  guint64 start = split_mix (&mixed) ^ stream * G_GUINT64_CONSTANT (0xd1342543de82ef95);
  for (guint i = 0; i < G_N_ELEMENTS (self->state); i++)
    self->state[i] = split_mix (&start);
}

static inline guint64
rotate_left (guint64 x, int n)
{
  return x << n | x >> (64 - n);
}

guint64
wt_sim_random_next (WtSimRandom *self)
{
  guint64 *s = self->state;
  guint64 result = rotate_left (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

double
wt_sim_random_double (WtSimRandom *self)
{
  return (wt_sim_random_next (self) >> 11) * 0x1.0p-53;
}

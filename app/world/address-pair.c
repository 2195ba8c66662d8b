#include "app/world/address-pair.h"

WtAddressPair
wt_address_pair (WtAddress a, WtAddress b)
{
  gboolean a_first = a.ip < b.ip || (a.ip == b.ip && a.port <= b.port);
  return (WtAddressPair){ a_first ? a : b, a_first ? b : a };
}

guint
wt_address_pair_hash (gconstpointer data)
{
  const WtAddressPair *pair = data;
  guint64 h = ((guint64) pair->low.ip << 32 | pair->high.ip) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  h ^= ((guint64) pair->low.port << 16 | pair->high.port) * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f);
  return h >> 32 ^ h;
}

gboolean
wt_address_pair_equal (gconstpointer x, gconstpointer y)
{
  const WtAddressPair *a = x, *b = y;
  return wt_address_equal (a->low, b->low) && wt_address_equal (a->high, b->high);
}

/* Two endpoints of datagrams, the smaller one first, so that both directions have one key of a hash table. */
#pragma once

#include "app/trace/trace.h"

typedef struct {
  WtAddress low, high;
} WtAddressPair;

static inline gboolean
wt_address_equal (WtAddress a, WtAddress b)
{
  return a.ip == b.ip && a.port == b.port;
}

WtAddressPair wt_address_pair (WtAddress a, WtAddress b);
guint wt_address_pair_hash (gconstpointer pair);
gboolean wt_address_pair_equal (gconstpointer a, gconstpointer b);

/* VACM: groups, access entries, views with masks. */
#include "protocols/snmp/snmp-vacm.h"

#include <string.h>

static WtSlice
slice_of (const char *text)
{
  return (WtSlice){ (const guint8 *) text, strlen (text) };
}

static WtOid
oid_of (const char *text)
{
  WtOid oid;
  g_assert_true (wt_oid_parse (text, &oid));
  return oid;
}

static void
add_view (WtSnmpVacm *vacm, const char *view, const char *subtree, gboolean included, const char *mask, gsize n_mask)
{
  WtOid oid = oid_of (subtree);
  wt_snmp_vacm_add_view (vacm, view, &oid, included, (const guint8 *) mask, n_mask);
}

static WtSnmpVacm *
make (void)
{
  WtSnmpVacm *vacm = wt_snmp_vacm_new ();
  wt_snmp_vacm_add_context (vacm, "bridge1");
  wt_snmp_vacm_add_member (vacm, WT_SNMP_MODEL_V2C, "public", "readers");
  wt_snmp_vacm_add_member (vacm, WT_SNMP_MODEL_USM, "admin", "admins");
  wt_snmp_vacm_add_member (vacm, WT_SNMP_MODEL_USM, "lost", "nobodies");
  add_view (vacm, "all", "1", TRUE, NULL, 0);
  add_view (vacm, "system", "1.3.6.1.2.1.1", TRUE, NULL, 0);
  add_view (vacm, "bridge", "1.3.6.1.2.1.17", TRUE, NULL, 0);
  /* everything of interface 2 in ifTable: 1.3.6.1.2.1.2.2.1.*.2 (RFC 3415 4) */
  add_view (vacm, "if2", "1.3.6.1.2.1.2.2.1.0.2", TRUE, "\xff\xa0", 2);
  add_view (vacm, "holes", "1.3.6.1", TRUE, NULL, 0);
  add_view (vacm, "holes", "1.3.6.1.6.3", FALSE, NULL, 0);
  add_view (vacm, "holes", "1.3.6.1.6.3.1", TRUE, NULL, 0);
  wt_snmp_vacm_add_access (vacm, "readers", "", FALSE, WT_SNMP_MODEL_ANY, WT_SNMP_NO_AUTH_NO_PRIV, "system", NULL,
                           "system");
  wt_snmp_vacm_add_access (vacm, "admins", "", FALSE, WT_SNMP_MODEL_USM, WT_SNMP_NO_AUTH_NO_PRIV, "system", NULL, NULL);
  wt_snmp_vacm_add_access (vacm, "admins", "", FALSE, WT_SNMP_MODEL_USM, WT_SNMP_AUTH_PRIV, "all", "if2",
                           "no such view");
  wt_snmp_vacm_add_access (vacm, "admins", "bri", TRUE, WT_SNMP_MODEL_USM, WT_SNMP_AUTH_PRIV, "bridge", NULL, NULL);
  wt_snmp_vacm_add_access (vacm, "readers", "bri", TRUE, WT_SNMP_MODEL_V2C, WT_SNMP_AUTH_PRIV, "bridge", NULL, NULL);
  return vacm;
}

static const struct {
  WtSnmpModel model;
  const char *name;
  WtSnmpLevel level;
  const char *context;
  WtSnmpAccessType type;
  WtSnmpAccessResult result;
  const char *inside, *outside; /* of the view that is found */
} rows[] = {
  { WT_SNMP_MODEL_V2C, "public", 1, "", WT_SNMP_READ, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.1.5.0",
    "1.3.6.1.2.1.2.1.0" },
  { WT_SNMP_MODEL_V2C, "public", 1, "", WT_SNMP_WRITE, WT_SNMP_NO_SUCH_VIEW, NULL, NULL },
  { WT_SNMP_MODEL_V2C, "Public", 1, "", WT_SNMP_READ, WT_SNMP_NO_GROUP_NAME, NULL, NULL },
  { WT_SNMP_MODEL_V2C, "publi", 1, "", WT_SNMP_READ, WT_SNMP_NO_GROUP_NAME, NULL, NULL },
  { WT_SNMP_MODEL_V1, "public", 1, "", WT_SNMP_READ, WT_SNMP_NO_GROUP_NAME, NULL, NULL },
  { WT_SNMP_MODEL_V2C, "public", 1, "other", WT_SNMP_READ, WT_SNMP_NO_SUCH_CONTEXT, NULL, NULL },
  { WT_SNMP_MODEL_V2C, "public", 1, "bridge1", WT_SNMP_READ, WT_SNMP_NO_ACCESS_ENTRY, NULL, NULL },
  { WT_SNMP_MODEL_USM, "admin", 1, "", WT_SNMP_READ, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.1", "1.3.6.1.2.1.2" },
  { WT_SNMP_MODEL_USM, "admin", 2, "", WT_SNMP_READ, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.1", "1.3.6.1.2.1.2" },
  { WT_SNMP_MODEL_USM, "admin", 3, "", WT_SNMP_READ, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.2", "2.1" },
  { WT_SNMP_MODEL_USM, "admin", 3, "", WT_SNMP_WRITE, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.2.2.1.7.2",
    "1.3.6.1.2.1.2.2.1.7.3" },
  { WT_SNMP_MODEL_USM, "admin", 3, "", WT_SNMP_NOTIFY, WT_SNMP_NO_SUCH_VIEW, NULL, NULL },
  { WT_SNMP_MODEL_USM, "admin", 3, "bridge1", WT_SNMP_READ, WT_SNMP_ACCESS_ALLOWED, "1.3.6.1.2.1.17.1",
    "1.3.6.1.2.1.1" },
  { WT_SNMP_MODEL_USM, "admin", 1, "bridge1", WT_SNMP_READ, WT_SNMP_NO_ACCESS_ENTRY, NULL, NULL },
  { WT_SNMP_MODEL_USM, "lost", 3, "", WT_SNMP_READ, WT_SNMP_NO_ACCESS_ENTRY, NULL, NULL },
};

static void
test_access (void)
{
  g_autoptr (WtSnmpVacm) vacm = make ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const WtSnmpView *view = NULL;
      g_test_message ("row %" G_GSIZE_FORMAT ": %s", i, rows[i].name);
      g_assert_cmpint (wt_snmp_vacm_find (vacm, rows[i].model, slice_of (rows[i].name), rows[i].level,
                                          slice_of (rows[i].context), rows[i].type, &view),
                       ==, rows[i].result);
      if (rows[i].result != WT_SNMP_ACCESS_ALLOWED)
        continue;
      WtOid inside = oid_of (rows[i].inside), outside = oid_of (rows[i].outside);
      g_assert_true (wt_snmp_view_holds (view, &inside));
      g_assert_false (wt_snmp_view_holds (view, &outside));
    }
}

/* The longest subtree decides. */
static void
test_holes (void)
{
  static const struct {
    const char *name;
    gboolean held;
  } names[] = { { "1.3.6.1", TRUE },         { "1.3.6.1.2.1", TRUE },     { "1.3.6", FALSE },
                { "1.3.6.1.6.3", FALSE },    { "1.3.6.1.6.3.15", FALSE }, { "1.3.6.1.6.3.1", TRUE },
                { "1.3.6.1.6.3.1.1", TRUE }, { "1.3.6.1.6.4", TRUE } };
  g_autoptr (WtSnmpVacm) vacm = make ();
  const WtSnmpView *view = NULL;
  wt_snmp_vacm_add_access (vacm, "readers", "", FALSE, WT_SNMP_MODEL_V2C, WT_SNMP_NO_AUTH_NO_PRIV, "holes", NULL, NULL);
  wt_snmp_vacm_find (vacm, WT_SNMP_MODEL_V2C, slice_of ("public"), 1, slice_of (""), WT_SNMP_READ, &view);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      WtOid oid = oid_of (names[i].name);
      g_test_message ("%s", names[i].name);
      g_assert_cmpint (wt_snmp_view_holds (view, &oid), ==, names[i].held);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vacm/access", test_access);
  g_test_add_func ("/vacm/holes", test_holes);
  return g_test_run ();
}

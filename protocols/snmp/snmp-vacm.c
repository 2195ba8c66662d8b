/* Groups, access entries and views (RFC 3415). */
#include "protocols/snmp/snmp-vacm.h"

#include <string.h>

typedef struct {
  WtSnmpModel model;
  char *name, *group;
} Member;

typedef struct {
  char *group, *context;
  gboolean prefix;
  WtSnmpModel model;
  WtSnmpLevel level;
  char *views[WT_SNMP_N_ACCESS]; /* (nullable) */
} Access;

typedef struct {
  WtOid subtree;
  gboolean included;
  guint8 mask[WT_OID_MAX / 8];
} Family;

struct _WtSnmpView {
  GArray *families; /* (element-type Family) */
};

/* Who was last allowed what: a manager asks many times. */
typedef struct {
  WtSnmpModel model;
  WtSnmpLevel level;
  WtSnmpAccessType type;
  guint8 name[WT_SNMP_USER_NAME_MAX];
  gsize n_name;
  const WtSnmpView *view; /* NULL: nobody yet */
} Decision;

struct _WtSnmpVacm {
  GPtrArray *contexts; /* (element-type utf8) */
  GPtrArray *members, *access;
  GHashTable *views; /* name to WtSnmpView */
  Decision last;     /* in the empty context; forgotten when anything is added */
};

static void
member_free (gpointer data)
{
  Member *member = data;
  g_free (member->name);
  g_free (member->group);
  g_free (member);
}

static void
access_free (gpointer data)
{
  Access *access = data;
  g_free (access->group);
  g_free (access->context);
  for (guint i = 0; i < WT_SNMP_N_ACCESS; i++)
    g_free (access->views[i]);
  g_free (access);
}

static void
view_free (gpointer data)
{
  WtSnmpView *view = data;
  g_array_unref (view->families);
  g_free (view);
}

WtSnmpVacm *
wt_snmp_vacm_new (void)
{
  WtSnmpVacm *self = g_new0 (WtSnmpVacm, 1);
  self->contexts = g_ptr_array_new_with_free_func (g_free);
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->access = g_ptr_array_new_with_free_func (access_free);
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, view_free);
  wt_snmp_vacm_add_context (self, "");
  return self;
}

void
wt_snmp_vacm_free (WtSnmpVacm *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->contexts);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->access);
  g_hash_table_unref (self->views);
  g_free (self);
}

/* --- filling ----------------------------------------------------------------------------------------------------- */

void
wt_snmp_vacm_add_context (WtSnmpVacm *self, const char *context)
{
  self->last.view = NULL;
  g_ptr_array_add (self->contexts, g_strdup (context));
}

void
wt_snmp_vacm_add_member (WtSnmpVacm *self, WtSnmpModel model, const char *name, const char *group)
{
  self->last.view = NULL;
  Member *member = g_new0 (Member, 1);
  member->model = model;
  member->name = g_strdup (name);
  member->group = g_strdup (group);
  g_ptr_array_add (self->members, member);
}

void
wt_snmp_vacm_add_access (WtSnmpVacm *self, const char *group, const char *context, gboolean prefix, WtSnmpModel model,
                         WtSnmpLevel level, const char *read, const char *write, const char *notify)
{
  self->last.view = NULL;
  Access *access = g_new0 (Access, 1);
  access->group = g_strdup (group);
  access->context = g_strdup (context);
  access->prefix = prefix;
  access->model = model;
  access->level = level;
  access->views[WT_SNMP_READ] = g_strdup (read);
  access->views[WT_SNMP_WRITE] = g_strdup (write);
  access->views[WT_SNMP_NOTIFY] = g_strdup (notify);
  g_ptr_array_add (self->access, access);
}

/* A mask that is too short goes on with ones (RFC 3415 4, vacmViewTreeFamilyMask). */
void
wt_snmp_vacm_add_view (WtSnmpVacm *self, const char *name, const WtOid *subtree, gboolean included, const guint8 *mask,
                       gsize n_mask)
{
  self->last.view = NULL;
  WtSnmpView *view = g_hash_table_lookup (self->views, name);
  Family family = { .subtree = *subtree, .included = included };
  if (view == NULL)
    {
      view = g_new0 (WtSnmpView, 1);
      view->families = g_array_new (FALSE, FALSE, sizeof (Family));
      g_hash_table_insert (self->views, g_strdup (name), view);
    }
  memset (family.mask, 0xff, sizeof family.mask);
  if (mask)
    memcpy (family.mask, mask, MIN (n_mask, sizeof family.mask));
  g_array_append_val (view->families, family);
}

#define EVERYTHING "everything" /* name of a view */

void
wt_snmp_vacm_allow (WtSnmpVacm *self, WtSnmpModel model, const char *name, WtSnmpLevel level, gboolean write)
{
  g_autofree char *group = g_strdup_printf ("%s %u %s", write ? "write" : "read", model, name);
  if (!g_hash_table_contains (self->views, EVERYTHING))
    {
      static const WtOid roots[] = { { 1, { 0 } }, { 1, { 1 } }, { 1, { 2 } } };
      for (gsize i = 0; i < G_N_ELEMENTS (roots); i++)
        wt_snmp_vacm_add_view (self, EVERYTHING, &roots[i], TRUE, NULL, 0);
    }
  wt_snmp_vacm_add_member (self, model, name, group);
  wt_snmp_vacm_add_access (self, group, "", TRUE, model, level, EVERYTHING, write ? EVERYTHING : NULL, EVERYTHING);
}

/* --- deciding ---------------------------------------------------------------------------------------------------- */

static gboolean
slice_is (WtSlice slice, const char *text)
{
  gsize length = strlen (text);
  return slice.n == length && memcmp (slice.bytes ? slice.bytes : (const guint8 *) "", text, length) == 0;
}

static gboolean
knows_context (const WtSnmpVacm *self, WtSlice context)
{
  for (guint i = 0; i < self->contexts->len; i++)
    if (slice_is (context, self->contexts->pdata[i]))
      return TRUE;
  return FALSE;
}

static const char *
find_group (const WtSnmpVacm *self, WtSnmpModel model, WtSlice name)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = self->members->pdata[i];
      if (member->model == model && slice_is (name, member->name))
        return member->group;
    }
  return NULL;
}

static gboolean
matches_context (const Access *access, WtSlice context)
{
  gsize length = strlen (access->context);
  if (!access->prefix)
    return slice_is (context, access->context);
  return length == 0 || (context.n >= length && memcmp (context.bytes, access->context, length) == 0);
}

/* Which of two entries that match is meant (RFC 3415 4, vacmAccessTable): its own model before any, its own context
 * before a beginning, a longer beginning before a shorter, a higher level before a lower. */
static gboolean
is_better (const Access *a, const Access *b)
{
  if (b == NULL)
    return TRUE;
  if ((a->model != WT_SNMP_MODEL_ANY) != (b->model != WT_SNMP_MODEL_ANY))
    return a->model != WT_SNMP_MODEL_ANY;
  if (a->prefix != b->prefix)
    return !a->prefix;
  gsize a_length = strlen (a->context), b_length = strlen (b->context);
  return a_length != b_length ? a_length > b_length : a->level > b->level;
}

static const Access *
find_access (const WtSnmpVacm *self, const char *group, WtSnmpModel model, WtSnmpLevel level, WtSlice context)
{
  const Access *best = NULL;
  for (guint i = 0; i < self->access->len; i++)
    {
      const Access *access = self->access->pdata[i];
      if (strcmp (access->group, group) == 0 && (access->model == WT_SNMP_MODEL_ANY || access->model == model)
          && level >= access->level && matches_context (access, context) && is_better (access, best))
        best = access;
    }
  return best;
}

static WtSnmpAccessResult
find (const WtSnmpVacm *self, WtSnmpModel model, WtSlice name, WtSnmpLevel level, WtSlice context, WtSnmpAccessType type,
      const WtSnmpView **view)
{
  if (!knows_context (self, context))
    return WT_SNMP_NO_SUCH_CONTEXT;
  const char *group = find_group (self, model, name);
  if (group == NULL)
    return WT_SNMP_NO_GROUP_NAME;
  const Access *access = find_access (self, group, model, level, context);
  if (access == NULL)
    return WT_SNMP_NO_ACCESS_ENTRY;
  *view = access->views[type] ? g_hash_table_lookup (self->views, access->views[type]) : NULL;
  return *view ? WT_SNMP_ACCESS_ALLOWED : WT_SNMP_NO_SUCH_VIEW;
}

static gboolean
is_last (const Decision *last, WtSnmpModel model, WtSlice name, WtSnmpLevel level, WtSnmpAccessType type)
{
  return last->view && last->model == model && last->level == level && last->type == type && last->n_name == name.n
         && memcmp (last->name, name.bytes, name.n) == 0;
}

WtSnmpAccessResult
wt_snmp_vacm_find (WtSnmpVacm *self, WtSnmpModel model, WtSlice name, WtSnmpLevel level, WtSlice context,
                   WtSnmpAccessType type, const WtSnmpView **view)
{
  if (context.n == 0 && is_last (&self->last, model, name, level, type))
    {
      *view = self->last.view;
      return WT_SNMP_ACCESS_ALLOWED;
    }
  WtSnmpAccessResult result = find (self, model, name, level, context, type, view);
  if (result == WT_SNMP_ACCESS_ALLOWED && context.n == 0 && name.n > 0 && name.n <= sizeof self->last.name)
    {
      self->last = (Decision){ .model = model, .level = level, .type = type, .n_name = name.n, .view = *view };
      memcpy (self->last.name, name.bytes, name.n);
    }
  return result;
}

static gboolean
family_matches (const Family *family, const WtOid *name)
{
  if (name->n < family->subtree.n)
    return FALSE;
  for (guint i = 0; i < family->subtree.n; i++)
    if (name->arcs[i] != family->subtree.arcs[i] && family->mask[i / 8] & 0x80 >> i % 8)
      return FALSE;
  return TRUE;
}

/* The longest subtree that matches decides, the greatest among the longest (RFC 3415 4). */
gboolean
wt_snmp_view_holds (const WtSnmpView *self, const WtOid *name)
{
  const Family *best = NULL;
  for (guint i = 0; i < self->families->len; i++)
    {
      const Family *family = &g_array_index (self->families, Family, i);
      if (!family_matches (family, name))
        continue;
      if (best == NULL || family->subtree.n > best->subtree.n
          || (family->subtree.n == best->subtree.n && wt_oid_compare (&family->subtree, &best->subtree) > 0))
        best = family;
    }
  return best && best->included;
}

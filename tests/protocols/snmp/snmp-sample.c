#include "snmp-sample.h"

#include <string.h>

WtOid
sample_oid (const char *text)
{
  WtOid oid;
  g_assert_true (wt_oid_parse (text, &oid));
  return oid;
}

/* --- objects ----------------------------------------------------------------------------------------------------- */

static gint
compare_objects (gconstpointer a, gconstpointer b)
{
  return wt_oid_compare (&((const SampleObject *) a)->name, &((const SampleObject *) b)->name);
}

static void
add_number (SampleMib *self, const char *name, guint8 tag, gint64 number, gboolean writable)
{
  SampleObject object = { .name = sample_oid (name), .tag = tag, .number = number, .writable = writable };
  g_array_append_val (self->objects, object);
}

static void
add_text (SampleMib *self, const char *name, const char *text, gboolean writable)
{
  SampleObject object = { .name = sample_oid (name),
                          .tag = WT_BER_OCTETS,
                          .octets = g_strdup (text),
                          .n_octets = strlen (text),
                          .writable = writable };
  g_array_append_val (self->objects, object);
}

static void
add_oid (SampleMib *self, const char *name, const char *value)
{
  WtOid oid = sample_oid (value);
  guint8 encoded[WT_OID_ENCODED_MAX];
  gsize length = wt_oid_encode (&oid, encoded);
  SampleObject object = {
    .name = sample_oid (name), .tag = WT_BER_OID, .octets = g_memdup2 (encoded, length), .n_octets = length
  };
  g_array_append_val (self->objects, object);
}

static void
add_interface (SampleMib *self, guint index)
{
  static const struct {
    const char *column;
    guint8 tag;
    gint64 number;
  } columns[] = { { "1.3.6.1.2.1.2.2.1.3", WT_BER_INTEGER, 6 },
                  { "1.3.6.1.2.1.2.2.1.4", WT_BER_INTEGER, 1500 },
                  { "1.3.6.1.2.1.2.2.1.5", WT_SNMP_GAUGE32, 4290000000 },
                  { "1.3.6.1.2.1.2.2.1.9", WT_SNMP_TIME_TICKS, 1200 },
                  { "1.3.6.1.2.1.2.2.1.10", WT_SNMP_COUNTER32, 4000000000 },
                  { "1.3.6.1.2.1.31.1.1.1.6", WT_SNMP_COUNTER64, G_GINT64_CONSTANT (1000000000000) } };
  g_autofree char *index_name = g_strdup_printf ("1.3.6.1.2.1.2.2.1.1.%u", index);
  g_autofree char *descr_name = g_strdup_printf ("1.3.6.1.2.1.2.2.1.2.%u", index);
  g_autofree char *descr = g_strdup_printf ("eth%u", index - 1);
  add_number (self, index_name, WT_BER_INTEGER, index, FALSE);
  add_text (self, descr_name, descr, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%u", columns[i].column, index);
      add_number (self, name, columns[i].tag, columns[i].number + index, FALSE);
    }
}

SampleMib *
sample_mib_new (guint n_interfaces)
{
  SampleMib *self = g_new0 (SampleMib, 1);
  self->objects = g_array_new (FALSE, TRUE, sizeof (SampleObject));
  add_text (self, "1.3.6.1.2.1.1.1.0", "A device for tests", FALSE);
  add_oid (self, "1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.64000.9");
  add_number (self, "1.3.6.1.2.1.1.3.0", WT_SNMP_TIME_TICKS, 123456, FALSE);
  add_text (self, "1.3.6.1.2.1.1.4.0", "nobody", TRUE);
  add_text (self, "1.3.6.1.2.1.1.5.0", "sample", TRUE);
  add_text (self, "1.3.6.1.2.1.1.6.0", "here", TRUE);
  add_number (self, "1.3.6.1.2.1.1.7.0", WT_BER_INTEGER, 72, FALSE);
  add_number (self, "1.3.6.1.2.1.2.1.0", WT_BER_INTEGER, n_interfaces, FALSE);
  for (guint i = 1; i <= n_interfaces; i++)
    add_interface (self, i);
  add_number (self, "1.3.6.1.2.1.4.20.1.1.10.0.1.25", WT_SNMP_IP_ADDRESS, 0x0a000119, FALSE);
  add_number (self, SAMPLE_NUMBER, WT_BER_INTEGER, 7, TRUE);
  add_number (self, SAMPLE_COMMIT_FAILS, WT_BER_INTEGER, 7, TRUE);
  add_number (self, SAMPLE_UNDO_FAILS, WT_BER_INTEGER, 7, TRUE);
  add_number (self, SAMPLE_GEN_ERR, WT_BER_INTEGER, -1, FALSE);
  g_array_sort (self->objects, compare_objects);
  return self;
}

void
sample_mib_free (SampleMib *self)
{
  for (guint i = 0; i < self->objects->len; i++)
    g_free (g_array_index (self->objects, SampleObject, i).octets);
  g_array_unref (self->objects);
  g_free (self);
}

/* Index of the first object that is not before `name` (or, `behind`, that is behind it). */
static guint
search (const SampleMib *self, const WtOid *name, gboolean behind)
{
  guint low = 0, high = self->objects->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      int order = wt_oid_compare (&g_array_index (self->objects, SampleObject, middle).name, name);
      if (order < 0 || (behind && order == 0))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static SampleObject *
find (const SampleMib *self, const WtOid *name)
{
  guint index = search (self, name, FALSE);
  SampleObject *object = index < self->objects->len ? &g_array_index (self->objects, SampleObject, index) : NULL;
  return object && wt_oid_compare (&object->name, name) == 0 ? object : NULL;
}

const SampleObject *
sample_mib_find (const SampleMib *self, const char *name)
{
  WtOid oid = sample_oid (name);
  return find (self, &oid);
}

/* --- the view ---------------------------------------------------------------------------------------------------- */

static WtSnmpError
give (const SampleObject *object, WtSnmpValue *value)
{
  value->tag = object->tag;
  if (object->tag == WT_BER_OCTETS || object->tag == WT_BER_OID)
    value->octets = (WtSlice){ (const guint8 *) object->octets, object->n_octets };
  else if (object->tag == WT_BER_INTEGER)
    value->integer = object->number;
  else
    value->number = object->number;
  return object->number == -1 ? WT_SNMP_GEN_ERR : WT_SNMP_NO_ERROR;
}

static WtSnmpError
get (gpointer mib, const WtOid *name, WtSnmpValue *value)
{
  const SampleObject *object = find (mib, name);
  if (object)
    return give (object, value);
  WtOid type = *name;
  type.n -= type.n > 0;
  guint index = search (mib, &type, TRUE);
  const GArray *objects = ((SampleMib *) mib)->objects;
  gboolean known =
      index < objects->len && wt_oid_has_prefix (&g_array_index (objects, SampleObject, index).name, &type);
  value->tag = known ? WT_SNMP_NO_SUCH_INSTANCE : WT_SNMP_NO_SUCH_OBJECT;
  return WT_SNMP_NO_ERROR;
}

static WtSnmpError
next (gpointer mib, const WtOid *name, WtOid *found, WtSnmpValue *value)
{
  const GArray *objects = ((SampleMib *) mib)->objects;
  guint index = search (mib, name, TRUE);
  value->tag = WT_SNMP_END_OF_MIB_VIEW;
  if (index == objects->len)
    return WT_SNMP_NO_ERROR;
  *found = g_array_index (objects, SampleObject, index).name;
  return give (&g_array_index (objects, SampleObject, index), value);
}

static WtSnmpError
test (const SampleObject *object, const WtSnmpValue *value)
{
  if (object == NULL)
    return WT_SNMP_NO_CREATION;
  if (!object->writable)
    return WT_SNMP_NOT_WRITABLE;
  if (value->tag != object->tag)
    return WT_SNMP_WRONG_TYPE;
  if (value->tag == WT_BER_OCTETS)
    return value->octets.n > 255 ? WT_SNMP_WRONG_LENGTH : WT_SNMP_NO_ERROR;
  return value->integer < 0 || value->integer > 100 ? WT_SNMP_WRONG_VALUE : WT_SNMP_NO_ERROR;
}

/* The memo is the old object. */
static WtSnmpError
commit (SampleObject *object, WtSnmpAssignment *assignment)
{
  const WtSnmpValue *value = assignment->value;
  WtOid fails = sample_oid (SAMPLE_COMMIT_FAILS);
  if (wt_oid_compare (assignment->name, &fails) == 0)
    return WT_SNMP_COMMIT_FAILED;
  assignment->memo = g_memdup2 (object, sizeof *object);
  if (value->tag == WT_BER_INTEGER)
    object->number = value->integer;
  else
    {
      object->octets = g_memdup2 (value->octets.bytes, value->octets.n);
      object->n_octets = value->octets.n;
    }
  return WT_SNMP_NO_ERROR;
}

static WtSnmpError
undo (SampleObject *object, WtSnmpAssignment *assignment)
{
  WtOid fails = sample_oid (SAMPLE_UNDO_FAILS);
  SampleObject *old = assignment->memo;
  if (wt_oid_compare (assignment->name, &fails) == 0)
    return WT_SNMP_UNDO_FAILED;
  if (object->octets != old->octets)
    g_free (object->octets);
  *object = *old;
  g_clear_pointer (&assignment->memo, g_free);
  return WT_SNMP_NO_ERROR;
}

static void
done (SampleMib *self, SampleObject *object, WtSnmpAssignment *assignment, gboolean committed)
{
  SampleObject *old = assignment->memo;
  self->n_done += committed;
  if (old && old->octets != object->octets)
    g_free (old->octets);
  g_clear_pointer (&assignment->memo, g_free);
}

static WtSnmpError
set_value (gpointer mib, const WtSnmpSet *set, guint index)
{
  WtSnmpAssignment *assignment = &set->assignments[index];
  SampleObject *object = find (mib, assignment->name);
  switch (set->phase)
    {
    case WT_SNMP_SET_TEST:
      return test (object, assignment->value);
    case WT_SNMP_SET_COMMIT:
      return commit (object, assignment);
    case WT_SNMP_SET_UNDO:
      return undo (object, assignment);
    default:
      done (mib, object, assignment, set->committed);
      return WT_SNMP_NO_ERROR;
    }
}

/* --- the agent --------------------------------------------------------------------------------------------------- */

static const WtSnmpMibView view = { get, next, set_value };

static const struct {
  const char *name;
  WtSnmpAuth auth;
  WtSnmpPriv priv;
} users[] = {
  { "noauth", WT_SNMP_AUTH_NONE, WT_SNMP_PRIV_NONE },
  { "md5", WT_SNMP_AUTH_MD5, WT_SNMP_PRIV_NONE },
  { "sha", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_NONE },
  { "sha224", WT_SNMP_AUTH_SHA224, WT_SNMP_PRIV_NONE },
  { "sha256", WT_SNMP_AUTH_SHA256, WT_SNMP_PRIV_NONE },
  { "sha384", WT_SNMP_AUTH_SHA384, WT_SNMP_PRIV_NONE },
  { "sha512", WT_SNMP_AUTH_SHA512, WT_SNMP_PRIV_NONE },
  { "md5des", WT_SNMP_AUTH_MD5, WT_SNMP_PRIV_DES },
  { "shaaes", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_AES },
  { "sha256aes", WT_SNMP_AUTH_SHA256, WT_SNMP_PRIV_AES },
  { "md5aes192", WT_SNMP_AUTH_MD5, WT_SNMP_PRIV_AES192 },
  { "md5aes256", WT_SNMP_AUTH_MD5, WT_SNMP_PRIV_AES256 },
  { "shaaes192", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_AES192 },
  { "shaaes256", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_AES256 },
  { "shaaes192c", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_AES192C },
  { "shaaes256c", WT_SNMP_AUTH_SHA, WT_SNMP_PRIV_AES256C },
  { "sha512aes256", WT_SNMP_AUTH_SHA512, WT_SNMP_PRIV_AES256 },
};

void
sample_add_users (WtSnmpUsm *usm)
{
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      WtSnmpUser user = { users[i].name, users[i].auth, SAMPLE_PASSWORD, users[i].priv, SAMPLE_PASSWORD };
      g_autoptr (GError) error = NULL;
      wt_snmp_usm_add_user (usm, &user, &error);
      g_assert_no_error (error);
    }
}

WtSnmpUsm *
sample_usm_new (const char *engine, gint64 start)
{
  g_autoptr (GBytes) id = wt_snmp_engine_id_new (SAMPLE_ENTERPRISE, engine);
  WtSnmpUsmConfig config = { .engine_id = id, .boots = 1, .start = start, .salt = 1 };
  WtSnmpUsm *usm = wt_snmp_usm_new (&config);
  sample_add_users (usm);
  return usm;
}

WtSnmpAgent *
sample_agent_new (WtSnmpUsm *usm, SampleMib *mib)
{
  static const char *const roots[] = { "1.3.6.1.2.1.1", "1.3.6.1.2.1.2", "1.3.6.1.2.1.4", "1.3.6.1.2.1.31",
                                       "1.3.6.1.4.1.64000" };
  WtSnmpAgentConfig config;
  wt_snmp_agent_config_defaults (&config);
  config.usm = usm;
  config.own_ip = 0x7f000001;
  WtSnmpAgent *agent = wt_snmp_agent_new (&config);
  WtSnmpVacm *vacm = wt_snmp_agent_vacm (agent);
  for (gsize i = 0; i < G_N_ELEMENTS (roots); i++)
    {
      WtOid root = sample_oid (roots[i]);
      g_assert_true (wt_snmp_agent_mount (agent, &root, &view, mib));
    }
  for (WtSnmpModel model = WT_SNMP_MODEL_V1; model <= WT_SNMP_MODEL_V2C; model++)
    {
      wt_snmp_vacm_allow (vacm, model, "public", WT_SNMP_NO_AUTH_NO_PRIV, FALSE);
      wt_snmp_vacm_allow (vacm, model, "private", WT_SNMP_NO_AUTH_NO_PRIV, TRUE);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    wt_snmp_vacm_allow (vacm, WT_SNMP_MODEL_USM, users[i].name, wt_snmp_usm_user_level (usm, users[i].name), TRUE);
  return agent;
}

/* Reads MIB modules with libsmi and copies what it knows; libsmi itself is one for the whole process, so only one
 * thread at a time is here, and nothing of it is left when the tree is made. */
#include "app/mib/mib-private.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <smi.h>
#include <string.h>

static GMutex libsmi_lock;
static GPtrArray *libsmi_problems; /* (nullable) guarded by the lock: libsmi's handler gets no user data */

static void
on_problem (char *path, int line, int severity, char *message, char *tag)
{
  if (libsmi_problems == NULL || message == NULL)
    return;
  if (path)
    g_ptr_array_add (libsmi_problems, g_strdup_printf ("%s:%d: %s", path, line, message));
  else
    g_ptr_array_add (libsmi_problems, g_strdup (message));
}

/* --- types ------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  guint8 tag;
} application_types[] = {
  { "IpAddress", WT_SNMP_IP_ADDRESS }, { "NetworkAddress", WT_SNMP_IP_ADDRESS }, { "Counter32", WT_SNMP_COUNTER32 },
  { "Counter", WT_SNMP_COUNTER32 },    { "Gauge32", WT_SNMP_GAUGE32 },           { "Gauge", WT_SNMP_GAUGE32 },
  { "Unsigned32", WT_SNMP_GAUGE32 },   { "TimeTicks", WT_SNMP_TIME_TICKS },      { "Opaque", WT_SNMP_OPAQUE },
  { "Counter64", WT_SNMP_COUNTER64 },
};

static guint8
tag_of_base (SmiBasetype base)
{
  switch (base)
    {
    case SMI_BASETYPE_INTEGER32:
    case SMI_BASETYPE_ENUM:
      return WT_BER_INTEGER;
    case SMI_BASETYPE_OCTETSTRING:
    case SMI_BASETYPE_BITS:
      return WT_BER_OCTETS;
    case SMI_BASETYPE_OBJECTIDENTIFIER:
      return WT_BER_OID;
    case SMI_BASETYPE_UNSIGNED32:
      return WT_SNMP_GAUGE32;
    case SMI_BASETYPE_UNSIGNED64:
      return WT_SNMP_COUNTER64;
    default:
      return 0;
    }
}

/* What a type is on the wire follows from the first of its ancestors that RFC 2578 7.1 gives a tag. */
static guint8
tag_of (SmiType *type)
{
  for (SmiType *each = type; each; each = smiGetParentType (each))
    for (guint i = 0; each->name && i < G_N_ELEMENTS (application_types); i++)
      if (strcmp (each->name, application_types[i].name) == 0)
        return application_types[i].tag;
  return tag_of_base (type->basetype);
}

static const char *
syntax_of (SmiType *type)
{
  static const struct {
    const char *libsmi, *asn1;
  } names[] = { { "Enumeration", "INTEGER" },
                { "Bits", "BITS" },
                { "OctetString", "OCTET STRING" },
                { "ObjectIdentifier", "OBJECT IDENTIFIER" } };
  SmiType *named = type;
  while (named && named->name == NULL)
    named = smiGetParentType (named);
  if (named == NULL)
    return "";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (named->name, names[i].libsmi) == 0)
      return names[i].asn1;
  return named->name;
}

static WtMibLook
look_of (SmiType *type)
{
  if (type->basetype == SMI_BASETYPE_BITS)
    return WT_MIB_BITS;
  if (type->basetype != SMI_BASETYPE_OCTETSTRING)
    return WT_MIB_PLAIN;
  for (SmiType *each = type; each; each = smiGetParentType (each))
    {
      if (g_strcmp0 (each->name, "DateAndTime") == 0)
        return WT_MIB_DATE;
      if (each->name && g_str_has_prefix (each->name, "InetAddress"))
        return WT_MIB_INET;
      if (g_strcmp0 (each->name, "DisplayString") == 0) /* of RFC 1213, which has no hint */
        return WT_MIB_TEXT;
      if (each->format)
        return g_str_has_suffix (each->format, "x:")                                                 ? WT_MIB_MAC
               : strlen (each->format) > 1 && strchr ("at", each->format[strlen (each->format) - 1]) ? WT_MIB_TEXT
                                                                                                     : WT_MIB_PLAIN;
    }
  return WT_MIB_PLAIN;
}

static gint64
number_of (const SmiValue *value)
{
  switch (value->basetype)
    {
    case SMI_BASETYPE_UNSIGNED32:
      return value->value.unsigned32;
    case SMI_BASETYPE_INTEGER64:
      return value->value.integer64;
    case SMI_BASETYPE_UNSIGNED64:
      return MIN (value->value.unsigned64, (guint64) G_MAXINT64);
    default:
      return value->value.integer32;
    }
}

static gpointer
keep (WtMib *self, GArray *array, guint *n)
{
  *n = array->len;
  gpointer block = g_array_free (array, array->len == 0);
  if (block)
    g_ptr_array_add (self->blocks, block);
  return block;
}

static void
read_enums (WtMib *self, SmiType *type, WtMibObject *object)
{
  GArray *enums = g_array_new (FALSE, FALSE, sizeof (WtMibEnum));
  for (SmiNamedNumber *each = smiGetFirstNamedNumber (type); each; each = smiGetNextNamedNumber (each))
    {
      WtMibEnum made = { g_string_chunk_insert_const (self->strings, each->name), number_of (&each->value) };
      g_array_append_val (enums, made);
    }
  object->enums = keep (self, enums, &object->n_enums);
}

static void
read_ranges (WtMib *self, SmiType *type, WtMibObject *object)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (WtMibRange));
  SmiType *bounded = type;
  while (bounded && smiGetFirstRange (bounded) == NULL)
    bounded = smiGetParentType (bounded);
  for (SmiRange *each = bounded ? smiGetFirstRange (bounded) : NULL; each; each = smiGetNextRange (each))
    {
      WtMibRange made = { number_of (&each->minValue), number_of (&each->maxValue) };
      g_array_append_val (ranges, made);
    }
  object->ranges = keep (self, ranges, &object->n_ranges);
}

static void
read_type (WtMib *self, SmiNode *node, WtMibObject *object)
{
  SmiType *type = smiGetNodeType (node);
  if (type == NULL || !(node->nodekind & (SMI_NODEKIND_SCALAR | SMI_NODEKIND_COLUMN)))
    return;
  object->tag = tag_of (type);
  object->look = look_of (type);
  object->syntax = g_string_chunk_insert_const (self->strings, syntax_of (type));
  const char *units = node->units ? node->units : type->units;
  object->units = units ? g_string_chunk_insert_const (self->strings, units) : NULL;
  read_enums (self, type, object);
  if (object->n_enums == 0)
    read_ranges (self, type, object);
}

/* --- nodes ------------------------------------------------------------------------------------------------------- */

static WtMibKind
kind_of (const SmiNode *node)
{
  switch (node->nodekind)
    {
    case SMI_NODEKIND_SCALAR:
      return WT_MIB_SCALAR;
    case SMI_NODEKIND_TABLE:
      return WT_MIB_TABLE;
    case SMI_NODEKIND_ROW:
      return WT_MIB_ROW;
    case SMI_NODEKIND_NOTIFICATION:
      return WT_MIB_NOTIFICATION;
    default: /* libsmi says "scalar or column" of what is in a row */
      return node->nodekind & SMI_NODEKIND_COLUMN ? WT_MIB_COLUMN : WT_MIB_NODE;
    }
}

static WtMibAccess
access_of (SmiNode *node)
{
  SmiNode *row = node->nodekind & SMI_NODEKIND_COLUMN ? smiGetParentNode (node) : NULL;
  if (node->access >= SMI_ACCESS_READ_WRITE && row && row->create)
    return WT_MIB_READ_CREATE;
  if (node->access >= SMI_ACCESS_READ_WRITE)
    return WT_MIB_READ_WRITE;
  return node->access == SMI_ACCESS_READ_ONLY ? WT_MIB_READ_ONLY
         : node->access == SMI_ACCESS_NOTIFY  ? WT_MIB_FOR_NOTIFY
                                              : WT_MIB_NO_ACCESS;
}

static gboolean
read_oid (const SmiNode *node, WtOid *oid)
{
  if (node->oidlen == 0 || node->oidlen > WT_OID_MAX)
    return FALSE;
  oid->n = node->oidlen;
  for (guint i = 0; i < node->oidlen; i++)
    oid->arcs[i] = node->oid[i];
  return TRUE;
}

/* Descriptions are wrapped and indented in the files; here they are running text. */
static const char *
running_text (WtMib *self, const char *text)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_auto (GStrv) parts = g_strsplit_set (text ? text : "", " \t\r\n", -1);
  for (char **part = parts; *part; part++)
    if (**part)
      g_string_append_printf (words, "%s%s", words->len ? " " : "", *part);
  g_autofree char *valid = g_utf8_make_valid (words->str, words->len);
  return g_string_chunk_insert_const (self->strings, valid);
}

static void
read_node (WtMib *self, GArray *objects, SmiModule *module, SmiNode *node)
{
  WtMibObject object = { .syntax = "" };
  if (node->name == NULL || !read_oid (node, &object.oid))
    return;
  object.name = g_string_chunk_insert_const (self->strings, node->name);
  object.module = g_string_chunk_insert_const (self->strings, module->name);
  object.description = running_text (self, node->description);
  object.kind = kind_of (node);
  object.access = access_of (node);
  object.implied = node->implied;
  read_type (self, node, &object);
  g_array_append_val (objects, object);
}

static void
add_first_arcs (WtMib *self, GArray *objects)
{
  static const char *const names[] = { "ccitt", "iso", "joint-iso-ccitt" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      WtMibObject object = { .name = names[i], .module = "", .description = "", .syntax = "", .oid = { 1, { i } } };
      g_array_append_val (objects, object);
    }
}

/* INDEX of a row, or of the row that it augments; OBJECTS of a notification. */
static void
read_index (WtMib *self, SmiNode *node)
{
  WtOid oid;
  WtMibObject *object = read_oid (node, &oid) ? wt_mib_exact (self, &oid) : NULL;
  gboolean lists = node->nodekind == SMI_NODEKIND_ROW || node->nodekind == SMI_NODEKIND_NOTIFICATION;
  if (object == NULL || !lists || object->index)
    return;
  SmiNode *related =
      node->nodekind == SMI_NODEKIND_ROW && node->indexkind != SMI_INDEX_INDEX ? smiGetRelatedNode (node) : NULL;
  GArray *index = g_array_new (FALSE, FALSE, sizeof (WtMibObject *));
  for (SmiElement *each = smiGetFirstElement (related ? related : node); each; each = smiGetNextElement (each))
    {
      SmiNode *element = smiGetElementNode (each);
      const WtMibObject *found = element && read_oid (element, &oid) ? wt_mib_exact (self, &oid) : NULL;
      if (found)
        g_array_append_val (index, found);
    }
  if (related)
    object->implied = related->implied;
  object->index = keep (self, index, &object->n_index);
}

static void
copy_modules (WtMib *self)
{
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (WtMibObject));
  add_first_arcs (self, objects);
  for (SmiModule *module = smiGetFirstModule (); module; module = smiGetNextModule (module))
    for (SmiNode *node = smiGetFirstNode (module, SMI_NODEKIND_ANY); node;
         node = smiGetNextNode (node, SMI_NODEKIND_ANY))
      if (module->name && *module->name)
        read_node (self, objects, module, node);
  wt_mib_tie (self, objects);
  for (SmiModule *module = smiGetFirstModule (); module; module = smiGetNextModule (module))
    for (SmiNode *node = smiGetFirstNode (module, SMI_NODEKIND_ANY); node;
         node = smiGetNextNode (node, SMI_NODEKIND_ANY))
      read_index (self, node);
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char **)a, *(const char **)b);
}

/* By its name first, for it may have come with a module that imports it; what the name does not give is read as the
 * file that it is. */
static void
read_file (const char *folder, const char *file, GPtrArray *problems)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GFile) handle = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info =
      g_file_query_info (handle, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE, 0, NULL, NULL);
  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    return;
  if (g_file_info_get_size (info) > WT_MIB_MODULE_MAX)
    {
      if (problems)
        g_ptr_array_add (problems, g_strdup_printf (_ ("%s: longer than 4 MiB, which no MIB module is"), path));
      return;
    }
  const char *dot = strrchr (file, '.');
  g_autofree char *name = dot ? g_strndup (file, dot - file) : g_strdup (file);
  if (smiIsLoaded (name) || smiLoadModule (name))
    return;
  if (smiLoadModule (path) == NULL && problems && problems->len == 0)
    g_ptr_array_add (problems,
                     g_strdup_printf (_ ("%s: no MIB module; it begins with NAME DEFINITIONS ::= BEGIN"), path));
}

static void
read_folder (const char *folder, GPtrArray *problems)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *file;
  while (dir && (file = g_dir_read_name (dir)))
    if (*file != '.' && !g_str_has_suffix (file, "~"))
      g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, by_text);
  for (guint i = 0; i < files->len; i++)
    read_file (folder, g_ptr_array_index (files, i), problems);
}

WtMib *
wt_mib_load (const char *const *folders, GPtrArray *problems)
{
  WtMib *self = wt_mib_alloc ();
  g_autofree char *path = g_strjoinv (":", (char **) folders);
  g_mutex_lock (&libsmi_lock);
  libsmi_problems = self->problems;
  smiInit (NULL);
  smiSetPath (path);
  smiSetErrorHandler (on_problem);
  smiSetErrorLevel (3);
  smiSetFlags (SMI_FLAG_ERRORS);
  for (const char *const *folder = folders; *folder; folder++)
    read_folder (*folder, self->problems);
  copy_modules (self);
  smiExit ();
  libsmi_problems = NULL;
  g_mutex_unlock (&libsmi_lock);
  for (guint i = 0; problems && i < self->problems->len; i++)
    g_ptr_array_add (problems, g_strdup (g_ptr_array_index (self->problems, i)));
  return self;
}

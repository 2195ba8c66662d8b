/* wiretalk-cli mib: the tree of named objects, or one of them. */
#include "app/cli/cli.h"

#include "app/mib/data-dir.h"
#include "app/mib/mib.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

static const char *const description =
    N_ ("Without a name it prints the whole tree. An object is written as sysName, IF-MIB::ifDescr, ifDescr.2 or\n"
        "1.3.6.1.2.1.2. More MIB modules are read from the folders given with --mibs and from\n"
        "~/.local/share/wiretalk/mibs; what is wrong in one is said on stderr, with file and line.\n\n"
        "Examples:\n"
        "  wiretalk-cli mib ifOperStatus\n"
        "  wiretalk-cli mib --tree interfaces\n"
        "  wiretalk-cli mib --mibs ~/mibs\n\n"
        "Exit status: 0 done, 1 when there is no such object or a module of --mibs is wrong, 2 when the command line "
        "is wrong.");

/* --- one object -------------------------------------------------------------------------------------------------- */

static const char *
access_name (const WtMibObject *object)
{
  static const char *const names[] = { "not-accessible", "accessible-for-notify", "read-only", "read-write",
                                       "read-create" };
  return names[object->access];
}

static const char *
kind_name (WtMibKind kind)
{
  static const char *const names[] = { N_ ("node"), N_ ("scalar"), N_ ("table"),
                                       N_ ("row"),  N_ ("column"), N_ ("notification") };
  return _ (names[kind]);
}

static void
add_names (GString *text, const char *title, const WtMibObject *object)
{
  g_string_append_printf (text, "%-12s", title);
  for (guint i = 0; i < object->n_index; i++)
    g_string_append_printf (text, "%s%s%s", i ? ", " : "",
                            object->implied && i == object->n_index - 1 ? "IMPLIED " : "", object->index[i]->name);
  g_string_append_c (text, '\n');
}

static void
add_values (GString *text, const WtMibObject *object)
{
  if (object->n_enums)
    {
      g_string_append_printf (text, "%-12s", _ ("values"));
      for (guint i = 0; i < object->n_enums; i++)
        g_string_append_printf (text, "%s%s(%" G_GINT64_FORMAT ")", i ? ", " : "", object->enums[i].name,
                                object->enums[i].number);
      g_string_append_c (text, '\n');
    }
  if (object->n_ranges)
    {
      g_string_append_printf (text, "%-12s", object->tag == WT_BER_OCTETS ? _ ("bytes") : _ ("range"));
      for (guint i = 0; i < object->n_ranges; i++)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, i ? ", " : "",
                                object->ranges[i].least, object->ranges[i].most);
      g_string_append_c (text, '\n');
    }
  if (object->units)
    g_string_append_printf (text, "%-12s%s\n", _ ("units"), object->units);
}

static void
add_object (GString *text, const WtMib *mib, const WtMibObject *object, const WtOid *oid)
{
  g_autofree char *name = wt_mib_oid_to_string (mib, oid), *numbers = wt_oid_to_string (oid);
  g_auto (GStrv) index = wt_mib_index_to_strings (mib, oid);
  g_string_append_printf (text, "%s\n%-12s%s\n%-12s%s\n", name, "OID", numbers, _ ("kind"), kind_name (object->kind));
  if (object->tag)
    g_string_append_printf (text, "%-12s%s\n%-12s%s\n", _ ("syntax"), object->syntax, _ ("access"),
                            access_name (object));
  add_values (text, object);
  const WtMibObject *row = object->kind == WT_MIB_COLUMN  ? object->parent
                           : object->kind == WT_MIB_TABLE ? object->child
                                                          : object;
  if (row && row->n_index)
    add_names (text, object->kind == WT_MIB_NOTIFICATION ? _ ("carries") : _ ("index"), row);
  if (index && *index)
    {
      g_autofree char *joined = g_strjoinv (", ", index);
      g_string_append_printf (text, "%-12s%s\n", _ ("row"), joined);
    }
  if (*object->description)
    g_string_append_printf (text, "%s\n", object->description);
}

/* --- the tree ---------------------------------------------------------------------------------------------------- */

static guint
depth_below (const WtMibObject *object, const WtMibObject *top)
{
  guint depth = 0;
  for (; object && object != top; object = object->parent)
    depth++;
  return depth;
}

static void
add_line (GString *text, const WtMibObject *object, guint depth)
{
  g_string_append_printf (text, "%*s%s(%u)", depth * 2, "", object->name, object->oid.arcs[object->oid.n - 1]);
  if (object->tag)
    g_string_append_printf (text, " %s %s", object->syntax, access_name (object));
  else if (object->kind != WT_MIB_NODE)
    g_string_append_printf (text, " [%s]", kind_name (object->kind));
  g_string_append_c (text, '\n');
}

/* Down, else aside, else up and aside. */
static const WtMibObject *
following (const WtMibObject *object, const WtMibObject *top)
{
  if (object->child)
    return object->child;
  while (object != top && object->next == NULL)
    object = object->parent;
  return object == top ? NULL : object->next;
}

static void
add_tree (GString *text, const WtMibObject *top)
{
  for (const WtMibObject *each = top; each; each = following (each, top))
    add_line (text, each, depth_below (each, top));
}

/* --- the command ------------------------------------------------------------------------------------------------- */

static const WtMib *
load (char **folders, WtMib **own, GPtrArray *problems)
{
  if (folders == NULL)
    {
      const WtMib *mib = wt_mib_default ();
      g_ptr_array_extend (problems, wt_mib_problems (mib), (GCopyFunc) (void (*) (void)) g_strdup, NULL);
      return mib;
    }
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *shipped = g_build_filename (wt_data_dir (), "lessons", "mibs", NULL);
  g_ptr_array_add (all, shipped);
  for (char **folder = folders; *folder; folder++)
    {
      g_autoptr (GDir) dir = g_dir_open (*folder, 0, NULL);
      if (dir == NULL)
        g_ptr_array_add (problems, g_strdup_printf (_ ("%s: cannot be read: %s"), *folder, g_strerror (errno)));
      g_ptr_array_add (all, *folder);
    }
  g_ptr_array_add (all, NULL);
  *own = wt_mib_load ((const char *const *) all->pdata, problems);
  return *own;
}

static WtCliStatus
show (const WtMib *mib, const char *name, gboolean tree)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  WtOid oid;
  if (!wt_mib_parse (mib, name ? name : "iso", &oid, &error))
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  const WtMibObject *object = wt_mib_by_oid (mib, &oid);
  if (object == NULL)
    {
      wt_cli_error (_ ("“%s” is below no object of the MIB modules that are known here"), name);
      return WT_CLI_INPUT;
    }
  if (name == NULL || tree)
    add_tree (text, object);
  else
    add_object (text, mib, object, &oid);
  wt_cli_print (text->str);
  return WT_CLI_DONE;
}

WtCliStatus
wt_cli_mib (char ***args)
{
  gboolean tree = FALSE;
  g_auto (GStrv) folders = NULL;
  const GOptionEntry entries[] = {
    { "tree", 't', 0, G_OPTION_ARG_NONE, &tree, N_ ("What is below the object, too"), NULL },
    { "mibs", 'M', 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, N_ ("A folder with MIB modules; may be repeated"),
      N_ ("DIR") },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[OID|NAME]");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, N_ ("Prints the tree of managed objects, or what is known of one."));
  g_option_context_set_description (context, description);
  if (!wt_cli_parse (context, args, 0, 1))
    return WT_CLI_USAGE;
  g_autoptr (WtMib) own = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  const WtMib *mib = load (folders, &own, problems);
  for (guint i = 0; i < problems->len; i++)
    wt_cli_error ("%s", (const char *) g_ptr_array_index (problems, i));
  WtCliStatus status = show (mib, (*args)[1], tree);
  return folders && problems->len ? WT_CLI_INPUT : status;
}

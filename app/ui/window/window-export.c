/* Pictures of the views as files, and packets for Wireshark. The pictures are light, whatever the window is: most end on
 * paper or on a slide. */
#include "app/ui/window/window-private.h"

#include "app/capture/capture.h"
#include "app/render/export.h"
#include "app/ui/common/drawn-view.h"

#include <glib/gi18n.h>
#include <string.h>

/* A long ladder takes its time: a thread draws it, from copies of what may change meanwhile. */
typedef struct {
  WtTrace *trace;
  WtLadderOptions options;
  WtFilter *filter;   /* (nullable) */
  GHashTable *labels; /* node -> text */
  GHashTable *types;
  char *title, *path;
} LadderExport;

static void
ladder_export_free (gpointer data)
{
  LadderExport *self = data;

  wt_trace_unref (self->trace);
  g_clear_pointer (&self->filter, wt_filter_free);
  g_hash_table_unref (self->labels);
  g_hash_table_unref (self->types);
  g_free (self->title);
  g_free (self->path);
  g_free (self);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
show_result (WtWindow *self, const char *path, GError *error) /* takes the error */
{
  g_autoptr (GPtrArray) errors = NULL;
  g_autofree char *name = g_path_get_basename (path), *text = NULL;

  if (!error)
    {
      text = g_strdup_printf (_("Saved as “%s”"), name);
      wt_window_toast (self, text);
      return;
    }
  errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_ptr_array_add (errors, error);
  wt_window_show_errors (self, _("The file could not be saved"), errors);
}

/* What a thread has written. */
static void
end_export (WtWindow *self, GAsyncResult *result, const char *path)
{
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (gtk_widget_get_realized (GTK_WIDGET (self)))
    show_result (self, path, error);
  else
    g_clear_error (&error);
}

/* --- what is exported --------------------------------------------------------------------------------------------- */

static WtExportStyle
export_style (WtWindow *self)
{
  return (WtExportStyle){ .theme = wt_theme_get (FALSE, FALSE), .names = &wt_run_names, .user_data = self->names,
                          .title = adw_window_title_get_title (self->title) };
}

static void
export_canvas (WtWindow *self, const char *path)
{
  WtExportStyle style = export_style (self);
  GError *error = NULL;

  wt_export_canvas (wt_session_trace (self->session), wt_canvas_layout (self->canvas), &style,
                    wt_session_position (self->session), wt_session_time (self->session), path, &error);
  show_result (self, path, error);
}

static const char *
translate (const char *text)
{
  return _(text);
}

static void
export_states (WtWindow *self, const char *path)
{
  WtExportStyle style = export_style (self);
  GError *error = NULL;
  int state = -1;
  const WtStateTable *table = wt_state_view_shown (self->states, &state);

  if (table)
    wt_export_states (table, &style, state, translate, path, &error);
  else
    g_set_error_literal (&error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY,
                         _("There is no conversation with states to draw"));
  show_result (self, path, error);
}

static void
export_chart (WtWindow *self, const char *path)
{
  WtExportStyle style = export_style (self);
  GError *error = NULL;

  wt_variable_view_export (self->variables, &style, path, &error);
  show_result (self, path, error);
}

/* --- the ladder --------------------------------------------------------------------------------------------------- */

static const char *
kept_label (guint32 node, gpointer data)
{
  return g_hash_table_lookup (((LadderExport *) data)->labels, GUINT_TO_POINTER (node));
}

static const char *
kept_type (guint32 node, gpointer data)
{
  return g_hash_table_lookup (((LadderExport *) data)->types, GUINT_TO_POINTER (node));
}

static void
keep_names (WtWindow *self, LadderExport *export)
{
  for (guint32 id = 1; id <= wt_trace_n_entities (export->trace); id++)
    {
      const WtEntity *entity = wt_trace_entity (export->trace, id);

      if (!entity || entity->kind != WT_ENTITY_NODE)
        continue;
      g_hash_table_insert (export->labels, GUINT_TO_POINTER (id),
                           g_strdup (wt_names_label (&wt_run_names, self->names, export->trace, id)));
      g_hash_table_insert (export->types, GUINT_TO_POINTER (id),
                           g_strdup (wt_names_type (&wt_run_names, self->names, export->trace, id)));
    }
}

static void
draw_ladder (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  static const WtCanvasNames names = { .label = kept_label, .type = kept_type };
  LadderExport *export = task_data;
  WtExportStyle style = {
    .theme = wt_theme_get (FALSE, FALSE), .names = &names, .user_data = export, .title = export->title
  };
  GError *error = NULL;

  wt_export_ladder (export->trace, &export->options, &style, export->path, &error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_ladder_drawn (GObject *source, GAsyncResult *result, gpointer data)
{
  WtWindow *self = WT_WINDOW (source);
  LadderExport *export = g_task_get_task_data (G_TASK (result));

  end_export (self, result, export->path);
}

static void
export_ladder (WtWindow *self, const char *path)
{
  LadderExport *export = g_new0 (LadderExport, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_ladder_drawn, NULL);
  g_autofree char *filter = NULL;
  gboolean only, segments;
  int axis;

  g_object_get (self->session, "filter-text", &filter, NULL);
  g_object_get (self->ladder, "axis", &axis, "segments", &segments, "only-conversation", &only, NULL);
  export->trace = wt_trace_ref (wt_session_trace (self->session));
  export->filter = filter && *filter ? wt_filter_new (filter, NULL, NULL) : NULL;
  export->options = (WtLadderOptions){ .axis = axis, .segments = segments, .filter = export->filter,
                                       .conversation = only ? wt_view_conversation (self->session) : 0 };
  export->labels = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  export->types = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  export->title = g_strdup (adw_window_title_get_title (self->title));
  export->path = g_strdup (path);
  keep_names (self, export);
  g_task_set_task_data (task, export, ladder_export_free);
  g_task_run_in_thread (task, draw_ladder);
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

typedef struct {
  WtTrace *trace;
  char *keys; /* (nullable) */
  char *path;
} CaptureExport;

static void
capture_export_free (gpointer data)
{
  CaptureExport *self = data;

  wt_trace_unref (self->trace);
  g_free (self->keys);
  g_free (self->path);
  g_free (self);
}

static void
write_capture (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CaptureExport *export = task_data;
  GError *error = NULL;

  if (wt_capture_write (export->trace, export->keys, export->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_capture_written (GObject *source, GAsyncResult *result, gpointer data)
{
  CaptureExport *export = g_task_get_task_data (G_TASK (result));

  end_export (WT_WINDOW (source), result, export->path);
}

static void
export_capture (WtWindow *self, const char *path)
{
  CaptureExport *export = g_new0 (CaptureExport, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_capture_written, NULL);

  export->trace = wt_trace_ref (wt_session_trace (self->session));
  export->keys = wt_run_tls_keys (wt_run_list_run (self->runs));
  export->path = g_strdup (path);
  g_task_set_task_data (task, export, capture_export_free);
  g_task_run_in_thread (task, write_capture);
}

/* --- choosing the file -------------------------------------------------------------------------------------------- */

static const struct {
  const char *what, *title, *suffix;
  void (*export) (WtWindow *self, const char *path);
} pictures[] = {
  { "canvas", N_ ("Export the Network"), N_ ("network"), export_canvas },
  { "ladder", N_ ("Export the Ladder Diagram"), N_ ("ladder"), export_ladder },
  { "states", N_ ("Export the States"), N_ ("states"), export_states },
  { "chart", N_ ("Export the Chart"), N_ ("chart"), export_chart },
  { "capture", N_ ("Export the Packets"), N_ ("packets"), export_capture },
};

static void
on_chosen (GtkNativeDialog *dialog, int response, WtWindow *self)
{
  g_autoptr (GFile) file = NULL;
  const char *what = g_steal_pointer (&self->exported);

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (file && g_strcmp0 (pictures[i].what, what) == 0 && wt_session_trace (self->session))
      pictures[i].export (self, g_file_peek_path (file));
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; patterns[i]; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* "two-domains-ladder.pdf" */
static char *
suggest_name (WtWindow *self, const char *suffix, const char *ending)
{
  const char *path = wt_run_list_path (self->runs);
  g_autofree char *name = path ? g_path_get_basename (path) : g_strdup ("wiretalk");
  char *dot = strrchr (name, '.');

  if (dot && dot != name)
    *dot = '\0';
  return g_strdup_printf ("%s-%s%s", name, suffix, ending);
}

static void
choose (WtWindow *self, guint i)
{
  const char *const patterns[] = { "*.svg", "*.pdf", "*.png", NULL };
  const char *const captures[] = { "*.pcapng", NULL };
  gboolean capture = pictures[i].export == export_capture;
  g_autofree char *name = suggest_name (self, _ (pictures[i].suffix),
                                        capture                                ? ".pcapng"
                                        : pictures[i].export == export_ladder ? ".pdf"
                                                                              : ".svg");

  g_clear_object (&self->chooser);
  self->chooser =
      gtk_file_chooser_native_new (_ (pictures[i].title), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  self->exported = pictures[i].what;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (self->chooser), capture ? _("Captures (pcapng)") : _("Pictures (SVG, PDF, PNG)"),
              capture ? captures : patterns);
  if (pictures[i].export == export_chart)
    add_filter (GTK_FILE_CHOOSER (self->chooser), _("Values for a spreadsheet (CSV)"), (const char *const[]){ "*.csv", NULL });
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_picture (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (g_str_equal (pictures[i].what, g_variant_get_string (parameter, NULL)))
      choose (user_data, i);
}

void
wt_window_install_export (WtWindow *self)
{
  static const GActionEntry entries[] = { { "export", export_picture, "s" } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

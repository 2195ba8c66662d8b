#include "app/ui/start/start-page.h"

#include "app/lesson/plain-text.h"
#include "app/scenario/scenario.h"
#include "app/ui/start/start-resources.h"

typedef struct {
  char *path, *title, *description;
} Example;

struct _WtStartPage {
  AdwBin parent_instance;

  GtkListBox *examples;
  GPtrArray *loaded; /* (element-type Example) (nullable) */
};

G_DEFINE_FINAL_TYPE (WtStartPage, wt_start_page, ADW_TYPE_BIN)

static guint loaded_signal;

static void
example_free (Example *example)
{
  g_free (example->path);
  g_free (example->title);
  g_free (example->description);
  g_free (example);
}

/* In a thread. What cannot be read is said when it is opened from a file chooser; here it is left out. */
static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *examples = g_ptr_array_new_with_free_func ((GDestroyNotify) example_free);
  g_autoptr (GPtrArray) paths = wt_scenario_shipped ();

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (WtScenario) scenario = wt_scenario_load (paths->pdata[i], NULL, NULL);
      Example *example;

      if (!scenario)
        continue;
      example = g_new0 (Example, 1);
      example->path = g_strdup (paths->pdata[i]);
      example->title = g_strdup (wt_scenario_title (scenario));
      example->description = wt_plain_text (wt_scenario_description (scenario), 1);
      g_ptr_array_add (examples, example);
    }
  g_task_return_pointer (task, examples, (GDestroyNotify) g_ptr_array_unref);
}

static void
add_row (WtStartPage *self, const Example *example)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), example->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), example->description);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-file");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", example->path);
  gtk_list_box_append (self->examples, row);
}

static void
on_loaded (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WtStartPage *self = WT_START_PAGE (object);

  self->loaded = g_task_propagate_pointer (G_TASK (result), NULL);
  for (guint i = 0; i < self->loaded->len; i++)
    add_row (self, self->loaded->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->examples), self->loaded->len > 0);
  g_signal_emit (self, loaded_signal, 0);
}

void
wt_start_page_load (WtStartPage *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_loaded, NULL);

  g_task_run_in_thread (task, load);
}

void
wt_start_page_foreach_example (WtStartPage *self, WtExampleFunc func, gpointer user_data)
{
  for (guint i = 0; self->loaded && i < self->loaded->len; i++)
    {
      const Example *example = self->loaded->pdata[i];

      func (example->path, example->title, example->description, user_data);
    }
}

static void
wt_start_page_finalize (GObject *object)
{
  g_clear_pointer (&WT_START_PAGE (object)->loaded, g_ptr_array_unref);
  G_OBJECT_CLASS (wt_start_page_parent_class)->finalize (object);
}

static void
wt_start_page_class_init (WtStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_start_page_finalize;
  loaded_signal = g_signal_new ("loaded", WT_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  wt_start_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WtStartPage, examples);
}

static void
wt_start_page_init (WtStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wt_start_page_new (void)
{
  return g_object_new (WT_TYPE_START_PAGE, NULL);
}

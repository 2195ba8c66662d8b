/* How smooth the drawn views are, measured at the window's frame clock from before-paint to after-paint: all of a
 * frame's work on the processor. The renderer is GTK's choice or GSK_RENDERER's.
 *
 *   bench-canvas frames   200 hosts, 300 links, 1,000 packets in flight, every frame another moment
 *   bench-canvas seek     a trace of 1,000,000 events, every frame another random place, in canvas, ladder and states
 *   bench-canvas panes    the same in transcript and inspector, with the event there selected
 *
 * "busy" is the work of a frame, "holds" the frames drawn in a second while the clock asks for 60. */
#include "app/ui/canvas/canvas.h"
#include "app/ui/inspector/inspector-view.h"
#include "app/ui/ladder/ladder-view.h"
#include "app/ui/states/state-view.h"
#include "app/ui/transcript/transcript-view.h"
#include "tests/app/render/sample-trace.h"

#include <adwaita.h>
#include <sys/resource.h>

#define WARM_UP 30
#define FRAMES 300

typedef struct {
  GtkWidget *window, *canvas, *ladder, *states;
  WtSession *session;
  GMainLoop *loop;
  GRand *random;
  GArray *busy; /* gint64: µs */
  GArray *work; /* the same in processor time of this thread: what it is when nothing else runs */
  gint64 before, work_before, first, last, cpu;
  guint n_frames;
  gboolean seek, panes;
} Bench;

static gint64
cpu_time (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec
         + usage.ru_stime.tv_usec;
}

static gint64
thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
on_before_paint (GdkFrameClock *clock, Bench *bench)
{
  bench->work_before = thread_time ();
  bench->before = g_get_monotonic_time ();
}

static void
on_after_paint (GdkFrameClock *clock, Bench *bench)
{
  gint64 now = g_get_monotonic_time (), busy = now - bench->before, work = thread_time () - bench->work_before;

  if (++bench->n_frames == WARM_UP)
    {
      bench->first = now;
      bench->cpu = cpu_time ();
    }
  if (bench->n_frames <= WARM_UP)
    return;
  g_array_append_val (bench->busy, busy);
  g_array_append_val (bench->work, work);
  bench->last = now;
  if (bench->busy->len == FRAMES)
    {
      bench->cpu = cpu_time () - bench->cpu;
      g_main_loop_quit (bench->loop);
    }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;

  if (bench->seek || bench->panes)
    wt_session_seek (bench->session,
                     g_rand_int_range (bench->random, 1, wt_trace_length (wt_session_trace (bench->session))));
  else
    wt_session_seek_time (bench->session, 500 * SAMPLE_MSEC + (gint64)(bench->n_frames % 60) * 1000 * SAMPLE_MSEC / 60);
  if (bench->panes)
    wt_session_step (bench->session, 1);
  return G_SOURCE_CONTINUE;
}

static void
on_realize (GtkWidget *widget, Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), bench);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_after_paint), bench);
}

/* --- the window --------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_panes (Bench *bench)
{
  GtkWidget *views = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL), *inspector = wt_inspector_view_new ();

  bench->canvas = wt_transcript_view_new ();
  wt_transcript_view_set_session (WT_TRANSCRIPT_VIEW (bench->canvas), bench->session);
  wt_inspector_view_set_session (WT_INSPECTOR_VIEW (inspector), bench->session);
  gtk_paned_set_start_child (GTK_PANED (views), bench->canvas);
  gtk_paned_set_end_child (GTK_PANED (views), inspector);
  gtk_paned_set_position (GTK_PANED (views), 960);
  return views;
}

static GtkWidget *
make_drawn_views (Bench *bench)
{
  GtkWidget *views = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL), *left = gtk_paned_new (GTK_ORIENTATION_VERTICAL);

  bench->ladder = wt_ladder_view_new ();
  bench->states = wt_state_view_new ();
  wt_ladder_view_set_session (WT_LADDER_VIEW (bench->ladder), bench->session);
  wt_state_view_set_session (WT_STATE_VIEW (bench->states), bench->session);
  gtk_paned_set_start_child (GTK_PANED (left), bench->canvas);
  gtk_paned_set_end_child (GTK_PANED (left), bench->ladder);
  gtk_paned_set_position (GTK_PANED (left), 430);
  gtk_paned_set_start_child (GTK_PANED (views), left);
  gtk_paned_set_end_child (GTK_PANED (views), bench->states);
  gtk_paned_set_position (GTK_PANED (views), 960);
  return views;
}

static void
make_window (Bench *bench)
{
  bench->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1440, 900);
  if (!bench->panes)
    {
      bench->canvas = wt_canvas_new ();
      wt_canvas_set_session (WT_CANVAS (bench->canvas), bench->session);
    }
  gtk_window_set_child (GTK_WINDOW (bench->window), bench->panes  ? make_panes (bench)
                                                    : bench->seek ? make_drawn_views (bench)
                                                                  : bench->canvas);
  g_signal_connect_after (bench->window, "realize", G_CALLBACK (on_realize), bench);
  gtk_window_present (GTK_WINDOW (bench->window));
}

/* Rows come in while the main loop is idle: a seek before the end would measure that. */
static void
wait_for_rows (Bench *bench, gint64 start)
{
  WtTrace *trace = wt_session_trace (bench->session);
  WtLadder *ladder = wt_ladder_view_ladder (WT_LADDER_VIEW (bench->ladder));
  guint32 last = wt_trace_list_nth (trace, WT_LIST_MESSAGES, wt_trace_list_length (trace, WT_LIST_MESSAGES) - 1);

  while (wt_ladder_n_rows (ladder) == 0 || wt_ladder_row_event (ladder, wt_ladder_n_rows (ladder) - 1) < last)
    g_main_context_iteration (NULL, TRUE);
  g_print ("  ladder of %u rows laid out while idle in %.0f ms\n", wt_ladder_n_rows (ladder),
           (g_get_monotonic_time () - start) / 1000.0);
}

/* --- the figures -------------------------------------------------------------------------------------------------- */

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

static void
report (Bench *bench)
{
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (bench->window));
  double n = bench->busy->len, late = 0;

  for (guint i = 0; i < bench->busy->len; i++)
    late += g_array_index (bench->busy, gint64, i) > G_USEC_PER_SEC / 60;
  g_array_sort (bench->busy, compare);
  g_array_sort (bench->work, compare);
  g_print (
      "  %s: busy median %.1f, p95 %.1f, max %.1f ms; %.1f%% over 16.7 ms; of it CPU median %.1f, p95 %.1f ms; "
      "%.1f ms CPU a frame; holds %.0f frames/s\n",
      G_OBJECT_TYPE_NAME (renderer), g_array_index (bench->busy, gint64, bench->busy->len / 2) / 1000.0,
      g_array_index (bench->busy, gint64, bench->busy->len * 95 / 100) / 1000.0,
      g_array_index (bench->busy, gint64, bench->busy->len - 1) / 1000.0, late * 100 / n,
      g_array_index (bench->work, gint64, bench->work->len / 2) / 1000.0,
      g_array_index (bench->work, gint64, bench->work->len * 95 / 100) / 1000.0, bench->cpu / n / 1000.0,
      n * G_USEC_PER_SEC / (bench->last - bench->first));
}

static void
run (Bench *bench, WtTrace *trace)
{
  gint64 start = g_get_monotonic_time ();

  bench->session = wt_session_new ();
  wt_session_set_trace (bench->session, trace);
  bench->loop = g_main_loop_new (NULL, FALSE);
  bench->random = g_rand_new_with_seed (1);
  bench->busy = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench->work = g_array_new (FALSE, FALSE, sizeof (gint64));
  make_window (bench);
  if (bench->seek)
    wait_for_rows (bench, start);
  bench->n_frames = 0;
  gtk_widget_add_tick_callback (bench->canvas, on_tick, bench, NULL);
  g_main_loop_run (bench->loop);
  report (bench);
  gtk_window_destroy (GTK_WINDOW (bench->window));
  g_array_unref (bench->busy);
  g_array_unref (bench->work);
  g_rand_free (bench->random);
  g_main_loop_unref (bench->loop);
  g_object_unref (bench->session);
}

int
main (int argc, char **argv)
{
  Bench bench = { .seek = argc > 1 && g_str_equal (argv[1], "seek"),
                  .panes = argc > 1 && g_str_equal (argv[1], "panes") };
  g_autoptr (WtTrace) trace = NULL;

  if (!gtk_init_check ())
    {
      g_print ("no display: nothing measured\n");
      return 77;
    }
  adw_init ();
  trace = bench.seek || bench.panes ? sample_trace_long (400000) : sample_trace_big (200, 300, 1000);
  g_print (bench.panes  ? "seek in a trace of %u events: transcript and inspector, 1440x900\n"
           : bench.seek ? "seek in a trace of %u events: canvas, ladder and states, 1440x900\n"
                        : "canvas of 200 hosts, 300 links, %u packets in flight, 1440x900\n",
           wt_trace_length (trace));
  run (&bench, trace);
  return 0;
}

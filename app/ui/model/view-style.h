/* A view's own stylesheet, which lies among its resources beside its template. */
#pragma once

/* Puts it on the default display, once however often it is asked for. */
void wt_view_style_add (const char *resource);

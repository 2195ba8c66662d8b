/* Which of GTK's renderers draws. */
#pragma once

/* Without a graphics processor OpenGL is emulated: a frame then takes more than twice the processor time of GTK's Cairo
 * renderer, and the first one more than a second. So Cairo is chosen where there is none and the user has not chosen
 * (GSK_RENDERER). Call it before GTK starts, before there are threads. */
void wt_renderer_choose (void);

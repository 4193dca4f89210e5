/* neko-submit-box.h - the end of a form: a button, what is wrong, and whether it is being done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_SUBMIT_BOX (neko_submit_box_get_type ())

G_DECLARE_FINAL_TYPE (NekoSubmitBox, neko_submit_box, NEKO, SUBMIT_BOX, AdwBin)

void neko_submit_box_set_label (NekoSubmitBox *self,
                                const char    *label);
void neko_submit_box_set_problem (NekoSubmitBox *self,
                                  const char    *problem);
void neko_submit_box_set_ready (NekoSubmitBox *self,
                                gboolean       is_ready);
void neko_submit_box_set_busy (NekoSubmitBox *self,
                               gboolean       is_busy);

G_END_DECLS

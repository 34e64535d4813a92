// SPDX-License-Identifier: GPL-3.0-or-later
#define FW_CONV_NAME rowAvx2
#define FW_CONV_LANES 8
#define FW_CONV_PIXELS 6
#include "infer/conv_kernel_p.h"

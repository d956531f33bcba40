#pragma once
// libxml2's headers pull in ICU's, which clash with Foundation's.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

// `xmlFree` is a mutable global, which Swift 6 won't read.
static inline void cxml_free(void *pointer) { xmlFree(pointer); }

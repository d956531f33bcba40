#pragma once
// libxml2's headers pull in ICU's, which clash with Foundation's.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/xpath.h>
#include <string.h>

// `xmlFree` is a mutable global, which Swift 6 won't read.
static inline void cxml_free(void *pointer) { xmlFree(pointer); }

#define CXML_MAX_DEPTH 256

// libxml2's HTML parser has no bound on nesting, and its end tags look through all open elements: the parse ends at the
// first element that is too deep.
static inline void cxml_start_element(void *context, const xmlChar *name, const xmlChar **attributes) {
  htmlParserCtxtPtr parser = (htmlParserCtxtPtr)context;
  if (parser->nameNr >= CXML_MAX_DEPTH) {
    parser->_private = parser;
    xmlStopParser(parser);
    return;
  }
  xmlSAX2StartElement(context, name, attributes);
}

// UTF-8, without network or entity files. NULL when there is no markup or no memory.
static inline htmlDocPtr cxml_read_html(const char *bytes, int count, int *is_too_deep) {
  htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(bytes, count);
  if (parser == NULL) return NULL;
  htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                 HTML_PARSE_COMPACT);
  xmlCharEncodingHandlerPtr encoding = xmlFindCharEncodingHandler("UTF-8");
  if (encoding != NULL) xmlSwitchToEncoding(parser, encoding);
  if (parser->input != NULL && parser->input->encoding == NULL) {
    // Told like this, the parser passes over what the page says of its own encoding.
    parser->input->encoding = xmlStrdup((const xmlChar *)"UTF-8");
  }
  parser->sax->startElement = cxml_start_element;
  htmlParseDocument(parser);
  *is_too_deep = parser->_private != NULL;
  htmlDocPtr document = parser->myDoc;
  parser->myDoc = NULL;
  htmlFreeParserCtxt(parser);
  return document;
}

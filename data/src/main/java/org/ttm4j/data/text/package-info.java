/** Texts and their cells: encodings, dialects, limits, the rows of delimited texts and of JSON lines, numbers as people write them. */
package org.ttm4j.data.text;

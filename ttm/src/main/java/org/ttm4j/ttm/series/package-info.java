/**
 * Series as arrays, channels × time: rows and origins in them, gaps, standardisation, the precision of their numbers, and
 * work on many of them on several threads.
 */
package org.ttm4j.ttm.series;

/** Times as files write them: patterns, columns of times, and the frequency of the grid on which they lie. */
package org.ttm4j.data.time;

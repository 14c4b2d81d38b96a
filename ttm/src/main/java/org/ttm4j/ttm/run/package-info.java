/** Runs a model on the history of a request: prepares samples, and converts results to original units. */
package org.ttm4j.ttm.run;

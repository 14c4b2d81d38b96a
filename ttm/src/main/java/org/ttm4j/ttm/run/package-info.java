/** From a request to its result: how histories become samples, and how a model runs on them. */
package org.ttm4j.ttm.run;

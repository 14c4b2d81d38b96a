/** What {@code bin/torture serve-…} does to a service in another process. */
package org.ttm4j.bench.serve;

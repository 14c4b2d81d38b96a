/** Series of a Prometheus, forecast beside it. */
package org.ttm4j.serve.prometheus;

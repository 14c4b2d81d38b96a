/** Layers: operations with parameters under the names that checkpoints use. */
package org.ttm4j.autograd.nn;

/** Numbers of the two precisions. Not exported. */
package org.ttm4j.ttm.number;

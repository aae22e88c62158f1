package io.gatehouse.internal.springsession;

import java.io.Serializable;

/** A value of the application in its sessions. */
record CartItem(String article, int count) implements Serializable {}

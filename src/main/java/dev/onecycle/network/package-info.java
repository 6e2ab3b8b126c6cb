/** XResNet: described once as data, stored as flat vectors, named as fastai names it. */
package dev.onecycle.network;

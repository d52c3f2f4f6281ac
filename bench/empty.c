/*
 * empty: a program that does nothing, linked to what vidx is linked to.  What it costs to start is
 * what no one-shot `vidx get` can do without.
 */
int main(void)
{
	return 0;
}

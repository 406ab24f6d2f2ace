// The source of sample.dll: mcs -target:library -keyfile:KEY sample.cs; the key was made for this and thrown away.
[assembly: System.Reflection.AssemblyVersion("1.2.3.4")]
[assembly: System.Reflection.AssemblyFileVersion("5.6.7.8")]
public interface ISample<T> { event System.Action<T> Happened; T Value { get; set; } }
public class Sample { public static readonly string Text = "x"; public int Add(int a, int b) { return a + b; } }

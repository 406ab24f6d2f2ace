// bcryptprimitives.dll for Wine 8, which has none: Rust's standard library takes its random bytes from ProcessPrng
// and ends without a word where the DLL is missing. SystemFunction036 is RtlGenRandom under its exported name.

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *data, unsigned long long length) {
    while (length > 0) {
        unsigned long part = length > 0x10000000 ? 0x10000000 : (unsigned long)length;
        if (!SystemFunction036(data, part)) return 0;
        data += part;
        length -= part;
    }
    return 1;
}

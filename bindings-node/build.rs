//! Tells the linker that Node provides the symbols of Node-API when it loads the module.

fn main() {
    napi_build::setup();
}

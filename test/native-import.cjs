// Node's own import, which the test runner's transformation does not reach in a CommonJS file.
module.exports = { nativeImport: (url) => import(url) };

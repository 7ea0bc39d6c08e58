// Precompiled headers hang on a target with a source (selvage_pch in SelvageOptions.cmake).

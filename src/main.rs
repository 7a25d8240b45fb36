//! The program: arguments in, exit code out.

fn main() -> std::process::ExitCode {
    crm_exporter::cli::main()
}

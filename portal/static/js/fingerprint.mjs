// Computes the SHA-256 of a chosen file and asks with it: [data-fingerprint] is the form.
// The file stays here. Without a script, or without TLS, the reader types the fingerprint.
export function bindFingerprint({ root = document, subtle = globalThis.crypto?.subtle } = {}) {
  for (const form of root.querySelectorAll("[data-fingerprint]")) {
    const part = form.querySelector("[data-fingerprint-file]");
    if (!subtle || !part) continue;
    part.hidden = false;
    part.querySelector("input").addEventListener("change", (event) => {
      const [file] = event.target.files;
      if (file) check(form, file, subtle);
    });
  }
}

async function check(form, file, subtle) {
  const said = form.querySelector("[data-fingerprint-said]");
  said.textContent = said.dataset.working;
  try {
    form.elements.sum.value = await fingerprint(file, subtle);
  } catch {
    said.textContent = said.dataset.failed;
    return;
  }
  form.requestSubmit();
}

export async function fingerprint(file, subtle = globalThis.crypto.subtle) {
  const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

bindFingerprint();

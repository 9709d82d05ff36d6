/** The door of the editor's chunk, which is loaded when the first document is opened. */
export { LiveDocuments } from './live-documents';
export { EditorPage } from './page';

CREATE TABLE wall.notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner uuid NOT NULL,
    text text NOT NULL
);
ALTER TABLE wall.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE wall.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own_notes ON wall.notes
    USING (owner = nullif(current_setting('materi.user_id', true), '')::uuid)
    WITH CHECK (owner = nullif(current_setting('materi.user_id', true), '')::uuid);
GRANT USAGE ON SCHEMA wall TO materi_wall;
GRANT SELECT, INSERT, UPDATE, DELETE ON wall.notes TO materi_wall;

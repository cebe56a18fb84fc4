{# The rows of one landed table of every instance of its system, in the columns that the model's YAML describes. There stands, under
   config.meta, what each loader calls the table (`parent.list` for a list within a table, `parent.list.list` for one within its items)
   and, at a column, the path of the property where it is not the column's own name; several paths are tried in their order. A path a.b is
   a column a_b or a__b, as the loader joins names, a property b of the JSON in a, or, where neither is there, a column a_b or a.b that a
   warehouse or a file made of it; a[b] is the value of the entry b in a list of keys and values. Within a list, ^a is of what holds the
   list, ^^a of what holds that one, # the place, . the item itself. Where a loader writes a table for each kind of a row, all of them are
   named, and the path @ is the name of the table. Of names in a list of their own the first that has landed is read, and so it is with
   names that differ in case and underscores alone, of which a setting of the loader decides. A name with * is that of a table for each
   day. as_attributes: one row for each attribute of wide tables, as attributes_part has them. #}
{% macro landed_rows(as_attributes=false) %}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set parts, instances = [], crm_segmentation.instances_of(model.fqn[2]) -%}
    {%- set names_as_landed = crm_segmentation.names_as_landed(instances) -%}
    {%- for instance in instances -%}
        {%- for landed in crm_segmentation.landed_tables(instance, names_as_landed) -%}
            {%- do parts.append((crm_segmentation.attributes_part if as_attributes else crm_segmentation.landed_part)(instance, landed)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if parts -%}
        {{ parts | join('\n\n    union all\n') }}
    {%- else -%}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        {%- for column in model.columns.values() %}
        cast(null as {{ crm_segmentation.landed_type(column.data_type) }}) as {{ column.name }},
        {%- endfor %}
        cast(null as timestamp) as loaded_at

    {{ crm_segmentation.no_rows() }}
    {%- endif -%}
{% endmacro %}


{# The tables of an instance that the model reads and that have landed. Stops where none has, and the model cannot do without. #}
{% macro landed_tables(instance, names_as_landed) %}
    {%- set landed, looked_for, found = [], [], namespace(relation=false) -%}
    {%- for names in crm_segmentation.table_groups(model.config.meta.tables.get(instance.loader)) -%}
        {%- for name in names -%}{%- do looked_for.append(crm_segmentation.own_table_names(instance, name)[0]) -%}{%- endfor -%}
        {%- set chosen = [] -%}
        {%- for name in names -%}
            {%- for relation in (crm_segmentation.landed_relations(instance, name, names | length > 1, names_as_landed) if not chosen else []) -%}
                {%- set found.relation = true -%}
                {%- do chosen.append(crm_segmentation.landed_table(instance, name, relation, names_as_landed)) -%}
            {%- endfor -%}
            {%- if chosen | reject('none') | list == [] -%}{%- do chosen.clear() -%}{%- endif -%}
        {%- endfor -%}
        {%- do landed.extend(chosen | reject('none') | list) -%}
    {%- endfor -%}
    {%- set needed_for = model.config.meta.required_for or [] -%}
    {%- if looked_for and not found.relation and instance.feeds | select('in', needed_for) | list -%}
        {{- exceptions.raise_compiler_error(
            crm_segmentation.named_connector(instance) ~ ": the table " ~ looked_for | unique | join(' or ') ~ " has not landed there, and " ~ needed_for | join(' and ')
            ~ " cannot be read without it. Sync it with " ~ instance.loader ~ ", correct the schema in the variable connectors, or take the entry out until it is there."
        ) -}}
    {%- endif -%}
    {{- return(landed) -}}
{% endmacro %}


{# The relations of a landed table: one, or those of all days; none when it is not there. #}
{% macro landed_relations(instance, name, has_other_names, names_as_landed) -%}
    {%- set own_name, found = crm_segmentation.own_table_names(instance, name)[0], [] -%}
    {%- if '*' not in own_name -%}
        {%- set relation = crm_segmentation.landed_relation(
            instance, crm_segmentation.name_as_kept(own_name), has_other_names, names_as_landed
        ) -%}
        {{- return([] if relation is none else [relation]) -}}
    {%- endif -%}
    {%- set pattern = '^' ~ own_name | lower | replace('*', '[0-9]+') ~ '$' -%}
    {%- for row in run_query(crm_segmentation.tables_like(instance.database, instance.schema, own_name.split('*')[0])) if modules.re.match(pattern, row[1] | lower) -%}
        {%- do found.append(adapter.get_relation(instance.database, row[0], row[1])) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# The relation of a landed table, in whatever letters it and its schema are written there; none when it is not there. One that may be
   called in other words as well is asked for its columns: dbt stops where it finds a relation in other letters than it looks for. #}
{% macro landed_relation(instance, table, has_other_names, names_as_landed) -%}
    {%- set as_landed = names_as_landed.get((instance.database ~ '.' ~ instance.schema ~ '.' ~ table) | lower) -%}
    {%- if as_landed -%}
        {{- return(adapter.get_relation(instance.database, as_landed.schema, as_landed.table)) -}}
    {%- elif not has_other_names -%}
        {{- return(adapter.get_relation(instance.database, instance.schema, table)) -}}
    {%- endif -%}
    {%- set relation = api.Relation.create(database=instance.database, schema=instance.schema, identifier=table) -%}
    {{- return(relation if adapter.get_columns_in_relation(relation) else none) -}}
{%- endmacro %}


{# How the tables that the model reads, and their schemas, are written where they are there in other letters than the YAML has them:
   a warehouse may write all names in capitals, and so may a vendor. By database.schema.table in lower case. #}
{% macro names_as_landed(instances) -%}
    {%- set schemas, tables, found = {}, [], {} -%}
    {%- for instance in instances -%}
        {%- do schemas.setdefault(instance.database, []).append(instance.schema | lower) -%}
        {%- for name in crm_segmentation.flat_names(model.config.meta.tables.get(instance.loader)) -%}
            {%- for own_name in crm_segmentation.own_table_names(instance, name) if '*' not in own_name -%}
                {%- do tables.append(crm_segmentation.name_as_kept(own_name) | lower) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for database in schemas if tables -%}
        {%- set query = crm_segmentation.tables_of_any_letters(database, schemas[database], tables) -%}
        {%- for row in run_query(query) if query -%}
            {%- do found.update({(database ~ '.' ~ row[0] ~ '.' ~ row[1]) | lower: {'schema': row[0], 'table': row[1]}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# What a table is called in an instance, by the name that the loader usually gives it. Behind it, where the loader makes tables of lists,
   the tables of the lists within it. #}
{% macro own_table_names(instance, name) -%}
    {%- set parts = name.split('.') -%}
    {%- set own_names = [instance.tables.get(parts[0], parts[0])] -%}
    {%- for list in (parts[1:] if instance.writes.lists_as_tables else []) -%}
        {%- do own_names.append(own_names[-1] ~ '__' ~ list) -%}
    {%- endfor -%}
    {{- return(own_names) -}}
{%- endmacro %}


{# How messages name an instance. #}
{% macro named_connector(instance) -%}
    {{- return("Connector " ~ instance.name ~ " (" ~ instance.loader ~ ", schema " ~ instance.schema ~ ")") -}}
{%- endmacro %}


{# A table of an instance, its columns, and the lists within it where the rows are in one: levels holds the table, and behind it the tables
   that the loader makes of lists. None where a list has not landed. #}
{% macro landed_table(instance, name, relation, names_as_landed) %}
    {%- set table, lists = name.split('.')[0], name.split('.')[1:] -%}
    {%- set physical = crm_segmentation.columns_by_usual_name(instance, table, relation) -%}
    {%- set levels = [{'relation': relation, 'physical': physical}] -%}
    {%- if lists and instance.writes.lists_as_tables -%}
        {%- for own_name in crm_segmentation.own_table_names(instance, name)[1:] -%}
            {%- set child = crm_segmentation.landed_relation(instance, crm_segmentation.name_as_kept(own_name), true, names_as_landed) -%}
            {%- if child is none -%}
                {{- return(none) -}}
            {%- endif -%}
            {%- do levels.append({'relation': child, 'physical': crm_segmentation.columns_by_name(child)}) -%}
            {%- for level, key in [(levels[-2], '_dlt_id'), (levels[-1], '_dlt_parent_id')] if key not in level.physical -%}
                {{- exceptions.raise_compiler_error(
                    crm_segmentation.named_connector(instance) ~ ": the table " ~ level.relation.identifier ~ " has no column " ~ key
                    ~ ", by which a list finds what holds it. Load it with all columns that " ~ instance.loader ~ " writes, then run again."
                ) -}}
            {%- endfor -%}
        {%- endfor -%}
    {%- elif lists and crm_segmentation.name_as_kept(lists[0]) not in physical -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set landed = {
        'relation': relation, 'physical': physical, 'lists': lists, 'table': relation.identifier | lower if '*' in name else table, 'levels': levels
    } -%}
    {%- for column in model.columns.values() if column.config.meta.required and not lists and crm_segmentation.paths_of(instance, column) -%}
        {%- set within = [] -%}
        {%- for path in crm_segmentation.paths_of(instance, column) if crm_segmentation.level_of(landed, path) >= 0 -%}
            {%- do within.append(path) -%}
        {%- endfor -%}
        {%- if not crm_segmentation.has_value(instance, landed, column) -%}
            {{- exceptions.raise_compiler_error(
                crm_segmentation.named_connector(instance) ~ ": the table " ~ landed.table ~ " has no column "
                ~ within | join(' or ') ~ ", which is required (" ~ column.description ~ "). Sync it with "
                ~ instance.loader ~ ", then run again. Columns found: " ~ physical.keys() | join(', ') ~ "."
            ) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(landed) -}}
{% endmacro %}


{# The columns of a landed table by lower-cased name, and by the usual name too where the instance says that one is called otherwise here.
   Stops where a column that it names is not there. #}
{% macro columns_by_usual_name(instance, table, relation) %}
    {%- set physical = crm_segmentation.columns_by_name(relation) -%}
    {%- set found = physical.copy() -%}
    {%- for usual_name, own_name in (instance.columns.get(table) or {}).items() -%}
        {%- if own_name | lower not in physical -%}
            {{- exceptions.raise_compiler_error(
                crm_segmentation.named_connector(instance) ~ ": the table " ~ relation.identifier ~ " has no column " ~ own_name ~ ", which stands for " ~ usual_name
                ~ " under columns in the variable connectors. Columns found: " ~ physical.keys() | join(', ') ~ "."
            ) -}}
        {%- endif -%}
        {%- do found.update({usual_name | lower: physical[own_name | lower]}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}


{# The select of one instance: first what every path leads to, then each column out of that in its type, so that a long expression is
   written once. What the loader says is deleted, or a former version of a row, is left out; a model with a column is_deleted has
   deleted rows as well. Of several versions of a row, or of the row that holds a list, the one that arrived last is read, also when its
   list has become empty; where that one says that the row was deleted, no former one takes its place. #}
{% macro landed_part(instance, landed) %}
    {%- set loader = instance.writes -%}
    {%- set physical = landed.physical -%}
    {%- set deleted = crm_segmentation.loader_flag((model.config.meta.deleted or {}).get(instance.loader, loader.deleted), physical) -%}
    {%- set values = crm_segmentation.landed_values(instance, landed) -%}
    {%- set key_values = values | selectattr('column', 'in', model.config.meta.key or []) | rejectattr('is_of_item') | map(attribute='sql') | list -%}
    {%- set is_ranked = loader.keeps_versions and key_values and loader.arrived in physical -%}
    {%- set of_table = 'level_0.' if landed.levels | length > 1 else '' -%}
    {%- set version = crm_segmentation.version_number(loader, physical, key_values, of_table) if is_ranked else '1' -%}
    {%- set leaves_out_deleted = deleted and 'is_deleted' not in model.columns -%}
    {%- set conditions = [] -%}
    {%- if leaves_out_deleted and not is_ranked -%}
        {%- do conditions.append('not ' ~ deleted) -%}
    {%- endif -%}
    {%- if loader.current in physical -%}
        {%- do conditions.append(crm_segmentation.loader_flag(loader.current, physical, 'true')) -%}
    {%- endif -%}
    {%- if loader.ended in physical -%}
        {%- do conditions.append(of_table ~ adapter.quote(physical[loader.ended].name) ~ ' is null') -%}
    {%- endif -%}
    {%- set parents -%}
    (
            select
                *
                {%- if is_ranked %},
                {{ version }} as parent_version
                {%- endif %}

            from {{ landed.relation }}{{ ' as level_0' if of_table }}
            {%- if conditions %}

            where {{ conditions | join(' and ') }}
            {%- endif %}
        )
    {%- endset %}
    select
        cast({{ crm_segmentation.sql_text(instance.source_system) }} as {{ dbt.type_string() }}) as source_system,
        {%- for column in model.columns.values() %}
        {%- set of_column = values | selectattr('column', 'equalto', column.name) | list %}
        {%- if column.name == 'is_deleted' %}
        is_deleted,
        {%- elif of_column %}
        {{ crm_segmentation.first_landed_value(of_column, column) }} as {{ column.name }},
        {%- else %}
        cast(null as {{ crm_segmentation.landed_type(column.data_type) }}) as {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {{ crm_segmentation.landed_cast('arrived', physical[loader.arrived].dtype, 'timestamp', 'seconds') if loader.arrived in physical else 'cast(null as timestamp)' }} as loaded_at

    from (
        select
            {%- for value in values %}
            {{ value.sql }} as {{ value.name }},
            {%- endfor %}
            {%- if 'is_deleted' in model.columns %}
            {{ deleted or 'false' }} as is_deleted,
            {%- endif %}
            {%- if leaves_out_deleted and is_ranked %}
            {{ deleted }} as is_gone,
            {%- endif %}
            {%- if loader.arrived in physical %}
            {{ of_table }}{{ adapter.quote(physical[loader.arrived].name) }} as arrived,
            {%- endif %}
            {{ 'parent_version' if is_ranked and landed.lists else version }} as version_number

        from {{ crm_segmentation.listed_rows(landed, parents, is_ranked) if landed.lists else landed.relation }}
        {%- if conditions and not landed.lists %}

        where {{ conditions | join(' and ') }}
        {%- endif %}
    ) as landed_values

    where version_number = 1{{ ' and not is_gone' if leaves_out_deleted and is_ranked }}
{%- endmacro %}


{# The items of the lists of a landed table, with what holds them: out of JSON, or out of the tables that the loader made of them. #}
{% macro listed_rows(landed, parents, is_ranked) %}
    {%- if landed.levels | length > 1 -%}
    {{ parents }} as level_0
        {%- for depth in range(1, landed.levels | length) %}
        {%- set level, above = landed.levels[depth], landed.levels[depth - 1] %}

        inner join {{ level.relation }} as level_{{ depth }}
            on level_{{ depth }}.{{ adapter.quote(level.physical['_dlt_parent_id'].name) }} = level_{{ depth - 1 }}.{{ adapter.quote(above.physical['_dlt_id'].name) }}
        {%- endfor %}
    {%- else -%}
    {%- set list = landed.physical[crm_segmentation.name_as_kept(landed.lists[0])] -%}
    {%- set items = crm_segmentation.json_items(parents, adapter.quote(list.name), list.dtype) -%}
    {%- if landed.lists | length > 1 -%}
    {%- set held -%}
    (
            select
                {%- for column in landed.physical.values() | unique(attribute='name') %}
                {{ adapter.quote(column.name) }},
                {%- endfor %}
                {%- if is_ranked %}
                parent_version,
                {%- endif %}
                item as held_item,
                {{ crm_segmentation.json_value('item', 'json', [landed.lists[1]]) }} as held_list

            from {{ items }}
        )
    {%- endset -%}
    {{ crm_segmentation.json_items(held, 'held_list', 'text') }}
    {%- else -%}
    {{ items }}
    {%- endif -%}
    {%- endif -%}
{% endmacro %}


{# Which version of a row it is, 1 for the one that arrived last. #}
{% macro version_number(loader, physical, key_values, of_table) -%}
    row_number() over (
                partition by {{ key_values | join(', ') }}
                order by {{ of_table }}{{ adapter.quote(physical[loader.arrived].name) }} desc
                {%- if loader.row in physical %}, cast({{ of_table }}{{ adapter.quote(physical[loader.row].name) }} as {{ dbt.type_string() }}) desc{% endif %}
            )
{%- endmacro %}
